package io.moorage.client;

import io.moorage.protocol.v1.Entry;
import java.util.List;

/**
 * Entries of a part of a volume with bytes that none of its replicas has a good copy of: what was lost with a majority, or on all
 * disks.
 *
 * @param entries the newest version of each key, in byte order of these: key, version, size, and the extents that are nowhere
 * @param next the key to go on behind; empty: that was the last part
 * @param silent ids of replicas that did not answer; they may have what the others have not
 */
public record UnreadableEntries(List<Entry> entries, String next, List<String> silent) {}
