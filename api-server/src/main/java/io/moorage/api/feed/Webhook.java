package io.moorage.api.feed;

/**
 * Where the changes of a volume are delivered. Immutable.
 *
 * @param url http or https
 * @param secret that deliveries are signed with; never shown
 * @param prefix of keys
 * @param format "changes" or "s3"
 * @param start where it began; null = at the oldest change
 */
record Webhook(String url, String secret, String prefix, String format, String start) {
    static final String CHANGES = "changes";
    static final String S3 = "s3";

    /**
     * How far it is. Immutable.
     *
     * @param position everything before it was taken by the receiver; null = nothing yet
     * @param delivered changes, since it was made
     * @param failures attempts that failed since the last one that worked
     * @param lastError of the last attempt that failed, or ""
     * @param lastDeliveredAt ISO 8601, or null
     * @param missedUpTo changes up to this version were no longer kept when it was their turn; null = none
     */
    record Progress(
            String position, long delivered, long failures, String lastError, String lastDeliveredAt, Long missedUpTo) {
        static final Progress NONE = new Progress(null, 0, 0, "", null, null);

        Progress failed(String error) {
            return new Progress(position, delivered, failures + 1, error, lastDeliveredAt, missedUpTo);
        }

        Progress taken(String next, int changes, String at) {
            return new Progress(next, delivered + changes, 0, "", at, missedUpTo);
        }

        Progress missed(String next, long upTo) {
            return new Progress(next, delivered, failures, lastError, lastDeliveredAt, upTo);
        }
    }
}
