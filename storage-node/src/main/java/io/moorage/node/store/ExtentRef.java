package io.moorage.node.store;

/**
 * An extent in extent files, as the state names it. Immutable.
 *
 * @param storedLength bytes of the whole extent
 * @param crc32c of the whole extent
 */
public record ExtentRef(long volumeId, long idHigh, long idLow, int storedLength, int crc32c) {}
