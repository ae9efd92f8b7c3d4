package io.moorage.api.s3.listing;

import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;

/**
 * What all lists of a bucket can be asked.
 *
 * @param delimiter empty: none
 * @param maxKeys 0 to 1000
 * @param urlEncoded whether names are percent-encoded in the answer
 */
public record ListParameters(String prefix, String delimiter, int maxKeys, boolean urlEncoded) {
    /** More than these are never given at once. */
    public static final int PAGE = 1000;

    /** @param max the parameter that bounds the page @throws S3Exception InvalidArgument */
    public static ListParameters of(S3Exchange exchange, String max) {
        String encoding = exchange.query("encoding-type").orElse("");
        if (!encoding.isEmpty() && !encoding.equals("url")) {
            throw S3Exception.invalidArgument(
                    "Invalid Encoding Method specified in Request", "encoding-type", encoding);
        }
        int asked = exchange.query(max).filter(value -> !value.isEmpty()).isEmpty()
                ? PAGE
                : exchange.head().query().integer(max, 0, Integer.MAX_VALUE).orElse(PAGE);
        return new ListParameters(
                exchange.query("prefix").orElse(""),
                exchange.query("delimiter").orElse(""),
                Math.min(asked, PAGE),
                !encoding.isEmpty());
    }
}
