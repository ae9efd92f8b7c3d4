package io.moorage.api.s3.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ContentFactsProperties {

    @Property
    void comesBackAsItWas(
            @ForAll @Size(max = 30) List<@LongRange(min = 0, max = 3) Long> sizes,
            @ForAll boolean tagged,
            @ForAll ChecksumAlgorithm algorithm) {
        ContentFacts facts = new ContentFacts(
                7,
                tagged ? Optional.of("d41d8cd98f00b204e9800998ecf8427e-2") : Optional.empty(),
                Optional.of(new ContentFacts.Checksum(algorithm, ChecksumType.COMPOSITE, "AAAA/+==-12")),
                sizes,
                sizes.stream().map(size -> "AAAA/+==").toList());
        assertThat(ContentFacts.decode(facts.encode())).contains(facts);
    }

    @Property
    void anythingElseIsNone(@ForAll String text) {
        ContentFacts.decode(text).ifPresent(facts -> assertThat(text).contains("size="));
    }

    @Example
    void tenThousandPartsOfOneSizeAreShort() {
        ContentFacts facts = new ContentFacts(
                1, Optional.of("x-10000"), Optional.empty(), java.util.Collections.nCopies(10_000, 5_242_880L));
        assertThat(facts.encode()).hasSizeLessThan(100);
        assertThat(ContentFacts.decode(facts.encode()).orElseThrow().partSizes())
                .hasSize(10_000);
    }
}
