package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.BucketExistsArgs;
import io.minio.ComposeObjectArgs;
import io.minio.ComposeSource;
import io.minio.CopyObjectArgs;
import io.minio.CopySource;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveBucketArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.http.Method;
import io.minio.messages.Item;
import io.moorage.it.S3Fixture;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client of MinIO, which signs and uploads in its own way. */
@ExtendWith(S3Fixture.class)
class S3MinioTest {
    private static final String BUCKET = "minio-test";

    @Test
    void roundTrip() throws Exception {
        MinioClient minio = MinioClient.builder()
                .endpoint(S3Fixture.endpoint().toString())
                .credentials(S3Fixture.alice().id(), S3Fixture.alice().secret())
                .build();
        minio.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        assertThat(minio.bucketExists(BucketExistsArgs.builder().bucket(BUCKET).build()))
                .isTrue();
        byte[] small = Clients.data(1000);
        put(minio, "a/small ü", small, 1000);
        assertThat(get(minio, "a/small ü")).isEqualTo(small);
        // Of unknown length: in parts.
        byte[] large = Clients.data(11 << 20);
        put(minio, "a/large", large, -1);
        assertThat(get(minio, "a/large")).isEqualTo(large);
        assertThat(minio.statObject(StatObjectArgs.builder()
                                .bucket(BUCKET)
                                .object("a/large")
                                .build())
                        .userMetadata())
                .containsEntry("k", "v");
        minio.copyObject(CopyObjectArgs.builder()
                .bucket(BUCKET)
                .object("b/copy")
                .source(CopySource.builder().bucket(BUCKET).object("a/small ü").build())
                .build());
        minio.composeObject(ComposeObjectArgs.builder()
                .bucket(BUCKET)
                .object("b/composed")
                .sources(List.of(
                        ComposeSource.builder().bucket(BUCKET).object("a/large").build(),
                        ComposeSource.builder()
                                .bucket(BUCKET)
                                .object("a/small ü")
                                .build()))
                .build());
        assertThat(get(minio, "b/composed")).hasSize(large.length + small.length);
        String url = minio.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                .method(Method.GET)
                .bucket(BUCKET)
                .object("a/small ü")
                .build());
        try (InputStream in = URI.create(url).toURL().openStream()) {
            assertThat(in.readAllBytes()).isEqualTo(small);
        }
        List<String> keys = new ArrayList<>();
        for (Result<Item> item : minio.listObjects(
                ListObjectsArgs.builder().bucket(BUCKET).recursive(true).build())) {
            keys.add(item.get().objectName());
        }
        assertThat(keys).containsExactly("a/large", "a/small ü", "b/composed", "b/copy");
        assertThatThrownBy(() -> get(minio, "none"))
                .isInstanceOf(ErrorResponseException.class)
                .hasMessageContaining("does not exist");
        for (String key : keys) {
            minio.removeObject(
                    RemoveObjectArgs.builder().bucket(BUCKET).object(key).build());
        }
        minio.removeBucket(RemoveBucketArgs.builder().bucket(BUCKET).build());
    }

    private static void put(MinioClient minio, String key, byte[] data, long size) throws Exception {
        minio.putObject(PutObjectArgs.builder().bucket(BUCKET).object(key).userMetadata(Map.of("k", "v")).stream(
                        new ByteArrayInputStream(data), size, size < 0 ? 5 << 20 : -1)
                .build());
    }

    private static byte[] get(MinioClient minio, String key) throws Exception {
        try (InputStream in = minio.getObject(
                GetObjectArgs.builder().bucket(BUCKET).object(key).build())) {
            return in.readAllBytes();
        }
    }
}
