package io.moorage.api.s3.body;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a request says about digests of its body.
 *
 * @param md5 of Content-MD5
 * @param algorithm of an x-amz-checksum-* that was sent, or announced as a trailer
 * @param value of it, unless it is to come as a trailer
 * @param trailers all names in x-amz-trailer, in lower case
 */
public record DigestDemand(
        Optional<byte[]> md5, Optional<ChecksumAlgorithm> algorithm, Optional<byte[]> value, Set<String> trailers) {

    /** @throws S3Exception InvalidDigest, InvalidRequest */
    public static DigestDemand of(Headers headers) {
        Set<String> trailers = new TreeSet<>();
        for (String line : headers.all("x-amz-trailer")) {
            Arrays.stream(line.split(","))
                    .map(name -> name.trim().toLowerCase(Locale.ROOT))
                    .filter(name -> !name.isEmpty())
                    .forEach(trailers::add);
        }
        List<ChecksumAlgorithm> inHeader = Arrays.stream(ChecksumAlgorithm.values())
                .filter(algorithm -> headers.has(algorithm.header()))
                .toList();
        List<ChecksumAlgorithm> inTrailer = trailers.stream()
                .flatMap(name -> ChecksumAlgorithm.ofHeader(name).stream())
                .toList();
        if (inHeader.size() + inTrailer.size() > 1) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        Optional<ChecksumAlgorithm> algorithm =
                inHeader.isEmpty() ? inTrailer.stream().findFirst() : Optional.of(inHeader.get(0));
        Optional<ChecksumAlgorithm> named =
                headers.first("x-amz-sdk-checksum-algorithm").map(ChecksumAlgorithm::parse);
        if (named.isPresent() && !named.equals(algorithm)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    algorithm.isEmpty()
                            ? "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
                            : "Value for x-amz-sdk-checksum-algorithm header is invalid: it is not the algorithm of the checksum that was sent.");
        }
        Optional<byte[]> value = inHeader.stream()
                .findFirst()
                .map(header -> header.decode(headers.first(header.header()).orElse("")));
        return new DigestDemand(headers.first("Content-MD5").map(DigestDemand::md5), algorithm, value, trailers);
    }

    private static byte[] md5(String base64) {
        try {
            byte[] md5 = Base64.getDecoder().decode(base64);
            if (md5.length == 16) {
                return md5;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new S3Exception(S3ErrorCode.INVALID_DIGEST).with("Content-MD5", base64);
    }
}
