package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3Exception;
import java.util.Optional;

/**
 * Conditions of a write (Amazon S3 user guide, "Conditional writes").
 *
 * @param mustNotExist If-None-Match: *
 * @param ifMatch the tag, without quotes, that the object must have; "*": it must exist
 */
public record WriteConditions(boolean mustNotExist, Optional<String> ifMatch) {
    /** No condition at all. */
    public static final WriteConditions NONE = new WriteConditions(false, Optional.empty());

    /** @throws S3Exception NotImplemented for what AWS does not have either, InvalidArgument when both are sent */
    public static WriteConditions of(Headers headers) {
        Optional<EntityTags> none = headers.first("If-None-Match").map(EntityTags::parse);
        Optional<EntityTags> match = headers.first("If-Match").map(EntityTags::parse);
        if (none.isPresent() && !none.get().any()) {
            throw S3Exception.notImplemented("If-None-Match of a write can only be '*'; it was '"
                    + headers.first("If-None-Match").orElse("") + "'.");
        }
        if (none.isPresent() && match.isPresent()) {
            throw S3Exception.invalidArgument(
                    "If-Match and If-None-Match cannot both be true of a write; send one of them",
                    "If-None-Match",
                    "*");
        }
        if (match.isPresent() && !match.get().any() && match.get().tags().size() != 1) {
            throw S3Exception.notImplemented("If-Match of a write takes one entity tag or '*'.");
        }
        return new WriteConditions(
                none.isPresent(),
                match.map(tags -> tags.any() ? "*" : tags.tags().get(0)));
    }
}
