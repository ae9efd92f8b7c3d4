package io.moorage.client;

/**
 * Which versions to list. Immutable.
 *
 * @param prefix keys begin with it
 * @param delimiter empty: none
 * @param keyMarker keys after this one; empty = from the first
 * @param versionMarker goes on within `keyMarker`: its versions older than this; 0 = none of them
 * @param limit 1 to 1000, versions and common prefixes together; a page may be shorter, and says whether there is more
 */
public record VersionListing(String prefix, String delimiter, String keyMarker, long versionMarker, int limit) {}
