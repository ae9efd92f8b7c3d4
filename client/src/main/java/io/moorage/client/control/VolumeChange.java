package io.moorage.client.control;

/**
 * How far the change of a volume has come.
 *
 * @param volume as it is now
 * @param existed it was there before, as it was asked for
 * @param complete what was asked for is in effect; otherwise it was accepted and somebody else is at it
 */
public record VolumeChange(VolumeStatus volume, boolean existed, boolean complete) {}
