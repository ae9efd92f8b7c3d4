package io.moorage.api.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.moorage.api.s3.errors.S3Exception;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class XmlProperties {
    private static final String LIFECYCLE =
            "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter><And>"
                    + "<Prefix>p/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><ObjectSizeLessThan>5</ObjectSizeLessThan></And></Filter>"
                    + "<Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>";
    private static final String DELETE = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Delete><Object><Key>a</Key>"
            + "<VersionId>1</VersionId></Object><Quiet>true</Quiet></Delete>";

    @Property
    void anyBodyIsAnswered(@ForAll @Size(max = 100) byte[] body) {
        answered(body);
    }

    @Property
    void anyDamagedDocumentIsAnswered(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int changes) {
        Random random = new Random(seed);
        for (String document : List.of(LIFECYCLE, DELETE)) {
            byte[] body = document.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < changes; i++) {
                body[random.nextInt(body.length)] = (byte)
                        (random.nextBoolean() ? "<>&;/!\"[]ax ".charAt(random.nextInt(12)) : random.nextInt(256));
            }
            answered(body);
        }
    }

    private static void answered(byte[] body) {
        for (RequestDocumentsTest.Reading reading : List.<RequestDocumentsTest.Reading>of(
                ObjectDocuments::delete, LifecycleDocument::read, CorsDocument::read, AccessControlDocument::read)) {
            Throwable thrown = catchThrowable(() -> reading.read(new ByteArrayInputStream(body)));
            assertThat(thrown == null || thrown instanceof S3Exception)
                    .as("%s", thrown)
                    .isTrue();
        }
    }

    @Property
    void whatIsWrittenIsReadAgain(@ForAll @StringLength(min = 1, max = 60) String text) throws java.io.IOException {
        // What XML 1.0 cannot hold, no reader of it can be asked to read.
        String key = text.replaceAll("[\\uD800-\\uDFFF\\uFFFE\\uFFFF\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "😀");
        byte[] document = ((XmlDocument) xml ->
                        xml.element("Delete", () -> xml.element("Object", () -> xml.text("Key", key))))
                .bytes();
        assertThat(ObjectDocuments.delete(new ByteArrayInputStream(document))
                        .objects()
                        .get(0)
                        .key())
                .isEqualTo(key);
    }
}
