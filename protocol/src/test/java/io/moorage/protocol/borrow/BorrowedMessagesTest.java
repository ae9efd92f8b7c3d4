package io.moorage.protocol.borrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.moorage.protocol.v1.ExtentServiceGrpc;
import io.moorage.protocol.v1.FinishExtent;
import io.moorage.protocol.v1.OpenExtent;
import io.moorage.protocol.v1.WriteExtentRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BorrowedMessagesTest {
    private final BorrowedMessages<WriteExtentRequest> requests = new BorrowedMessages<>(
            ExtentServiceGrpc.getWriteMethod().getRequestMarshaller(),
            WriteExtentRequest.getDefaultInstance(),
            WriteExtentRequest.DATA_FIELD_NUMBER);

    @Property(tries = 200)
    void readsWhatWasWrittenInPiecesOfAnyLength(
            @ForAll @IntRange(max = 200_000) int size,
            @ForAll @IntRange(min = 1, max = 40_000) int piece,
            @ForAll long seed)
            throws Exception {
        WriteExtentRequest request = request(size, new Random(seed));
        assertThat(requests.parse(inPieces(request.toByteArray(), piece))).isEqualTo(request);
    }

    @Test
    void dataIsNotCopied() throws Exception {
        WriteExtentRequest request = request(50_000, new Random(1));
        byte[] bytes = request.toByteArray();
        WriteExtentRequest parsed = requests.parse(inPieces(bytes, 16_384));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
        }
        assertThat(parsed.getData().byteAt(40_000))
                .isEqualTo((byte) (request.getData().byteAt(40_000) ^ 1));
        assertThat(parsed.getOpen()).isEqualTo(request.getOpen());
    }

    @Test
    void messageThatIsCutOffIsRefused() throws Exception {
        byte[] bytes = request(1000, new Random(2)).toByteArray();
        for (int length : new int[] {1, 5, 100, 800, bytes.length - 1}) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> requests.parse(inPieces(cut, 300)))
                    .as("after %d", length)
                    .isInstanceOf(InvalidProtocolBufferException.class);
        }
    }

    private static WriteExtentRequest request(int size, Random random) {
        byte[] data = new byte[size];
        random.nextBytes(data);
        WriteExtentRequest.Builder request = WriteExtentRequest.newBuilder();
        if (random.nextBoolean() || size == 50_000) {
            request.setOpen(OpenExtent.newBuilder()
                    .setGroupId(ByteString.copyFrom(new byte[16]))
                    .setVolumeId(random.nextLong())
                    .setIdHigh(random.nextLong())
                    .setCapacity(size));
        }
        request.setData(ByteString.copyFrom(data));
        for (int i = 0; i < size / 65_536 + 1; i++) {
            request.addBlockCrc32C(random.nextInt());
        }
        return request.setFinish(FinishExtent.newBuilder().setLength(size).setCrc32C(random.nextInt()))
                .build();
    }

    private static ByteString inPieces(byte[] bytes, int piece) {
        List<ByteString> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += piece) {
            pieces.add(UnsafeByteOperations.unsafeWrap(
                    ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from))));
        }
        return ByteString.copyFrom(pieces);
    }
}
