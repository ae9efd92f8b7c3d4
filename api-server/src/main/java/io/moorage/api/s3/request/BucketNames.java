package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.regex.Pattern;

/** Which names a bucket may have (Amazon S3 user guide, "General purpose bucket naming rules"). */
public final class BucketNames {
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]");
    private static final Pattern IPV4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    private BucketNames() {}

    /** Whether a new bucket may be called so. */
    public static boolean valid(String name) {
        return NAME.matcher(name).matches()
                && !name.contains("..")
                && !IPV4.matcher(name).matches()
                && !name.startsWith("xn--")
                && !name.startsWith("sthree-")
                && !name.startsWith("amzn-s3-demo-")
                && !name.endsWith("-s3alias")
                && !name.endsWith("--ol-s3")
                && !name.endsWith("--x-s3")
                && !name.endsWith("--table-s3")
                && !name.endsWith(".mrap");
    }

    /** @throws S3Exception InvalidBucketName */
    public static void check(String name) {
        if (!valid(name)) {
            throw new S3Exception(
                            S3ErrorCode.INVALID_BUCKET_NAME,
                            "The specified bucket is not valid: 3 to 63 of a-z, 0-9, '-' and '.', beginning and ending with a letter or digit, not like an IP address.")
                    .with("BucketName", name);
        }
    }
}
