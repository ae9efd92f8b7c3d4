package io.moorage.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeView;
import io.moorage.it.S3Fixture;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many put one object that must not exist yet, at once, while leaders change. */
@ExtendWith(S3Fixture.class)
class S3OneWinnerTest {
    private static final String BUCKET = "one-winner";
    private static final int CLIENTS = 6;
    private static final int OBJECTS = 16;
    private static final int LARGE = 200_000;

    /** @param status 0 = there was no answer */
    private record Attempt(int client, int status) {
        boolean won() {
            return status == 200;
        }

        boolean lost() {
            return status == 412 || status == 409;
        }
    }

    @Test
    void putsThatMustNotReplaceAnythingHaveOneWinnerWhileLeadersChange() throws Exception {
        SignedHttp alice = new SignedHttp(S3Fixture.alice(), Duration.ZERO);
        assertThat(alice.send("PUT", "/" + BUCKET, new byte[0], Map.of()).status())
                .isEqualTo(200);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(CLIENTS + 1);
        try {
            Future<Integer> transfers = executor.submit(() -> moveLeaders(over));
            for (int object = 0; object < OBJECTS; object++) {
                race(executor, alice, object);
            }
            over.set(true);
            assertThat(transfers.get()).as("leaders changed").isPositive();
        } finally {
            over.set(true);
            executor.shutdownNow();
        }
    }

    private static void race(ExecutorService executor, SignedHttp alice, int object) throws Exception {
        String path = "/" + BUCKET + "/object-" + object;
        List<Future<Attempt>> attempts = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int number = client;
            attempts.add(executor.submit(() -> put(alice, path, number, object)));
        }
        List<Attempt> ended = new ArrayList<>();
        for (Future<Attempt> attempt : attempts) {
            ended.add(attempt.get());
        }
        SignedHttp.Answer stored = alice.send("GET", path, new byte[0], Map.of());
        List<Attempt> won = ended.stream().filter(Attempt::won).toList();
        List<Attempt> unknown =
                ended.stream().filter(a -> !a.won() && !a.lost()).toList();
        assertThat(won).as("%s %s", path, ended).hasSizeLessThanOrEqualTo(1);
        if (unknown.isEmpty()) {
            assertThat(won).as("%s %s", path, ended).hasSize(1);
        }
        List<String> possible = (won.isEmpty() ? unknown : won)
                .stream().map(a -> text(a.client(), object)).toList();
        if (!won.isEmpty() || stored.status() != 404) {
            assertThat(stored.status()).as("%s %s", path, ended).isEqualTo(200);
            assertThat(possible.stream().filter(stored.body()::equals).count())
                    .as("%s %s", path, ended)
                    .isEqualTo(1);
        }
    }

    private static Attempt put(SignedHttp alice, String path, int client, int object) {
        byte[] body = text(client, object).getBytes(StandardCharsets.US_ASCII);
        try {
            return new Attempt(
                    client,
                    alice.send("PUT", path, body, Map.of("If-None-Match", "*")).status());
        } catch (IOException e) {
            return new Attempt(client, 0);
        }
    }

    /** Every fourth object is too large for the log. */
    private static String text(int client, int object) {
        return ("client " + client + " ").repeat(object % 4 == 0 ? LARGE / 9 : 20);
    }

    private static int moveLeaders(AtomicBoolean over) {
        ClusterAdmin admin = S3Fixture.client().admin();
        int moved = 0;
        for (int turn = 0; !over.get(); turn++) {
            for (NodeView node : admin.describe(Duration.ofSeconds(2))) {
                for (ReplicaInfo replica : node.replicas()) {
                    if (replica.getRole() == Role.ROLE_LEADER && replica.getMembersCount() > 1) {
                        moved += move(admin, replica, turn) ? 1 : 0;
                    }
                }
            }
        }
        return moved;
    }

    private static boolean move(ClusterAdmin admin, ReplicaInfo replica, int turn) {
        List<Member> others = replica.getMembersList().stream()
                .filter(member -> !member.getNodeId().equals(replica.getLeaderNodeId()))
                .toList();
        try {
            admin.transferLeadership(
                    GroupId.of(replica.getGroupId()),
                    Optional.of(others.get(turn % others.size()).getNodeId()),
                    Duration.ofSeconds(3));
            return true;
        } catch (MoorageException e) {
            // Somebody else leads by now.
            return false;
        }
    }
}
