package io.moorage.it.nemesis.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.it.nemesis.check.LockJudge.Fenced;
import io.moorage.it.nemesis.check.LockJudge.Held;
import io.moorage.it.nemesis.check.WatchJudge.Put;
import io.moorage.it.nemesis.check.WatchJudge.Seen;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histories of which it is known whether they keep the promises of their workloads. */
class JudgesTest {

    private static Operation<ListJudge.Input, List<String>> append(String element, long call, long end) {
        return new Operation<>(0, new ListJudge.Append(element), end == Operation.NEVER ? null : List.of(), call, end);
    }

    private static Operation<ListJudge.Input, List<String>> read(long call, long end, String... elements) {
        return new Operation<>(1, new ListJudge.ReadAll(), List.of(elements), call, end);
    }

    @SafeVarargs
    private static List<String> list(Operation<ListJudge.Input, List<String>>... history) {
        return ListJudge.judge("w", "k", List.of(history)).stream()
                .map(Anomaly::what)
                .toList();
    }

    @Test
    void lists() {
        assertThat(list(
                        append("a", 0, 10),
                        append("b", 5, Operation.NEVER),
                        read(12, 20, "a"),
                        append("c", 13, 30),
                        read(14, 31, "a", "c"),
                        read(40, 50, "a", "c", "b")))
                .isEmpty();
        assertThat(list(append("a", 0, 10), read(11, 20))).anyMatch(what -> what.contains("does not see it"));
        assertThat(list(append("a", 30, 40), read(11, 20, "a"))).anyMatch(what -> what.contains("before it was"));
        assertThat(list(read(11, 20, "x"))).anyMatch(what -> what.contains("never appended"));
        assertThat(list(append("a", 0, 10), read(11, 20, "a", "a"))).anyMatch(what -> what.contains("twice"));
        assertThat(list(append("a", 0, 30), append("b", 0, 30), read(5, 40, "a"), read(6, 40, "b")))
                .anyMatch(what -> what.contains("disagree"));
        assertThat(list(append("a", 0, 30), read(5, 10, "a"), read(11, 15)))
                .anyMatch(what -> what.contains("less than one before"));
        assertThat(list(append("a", 0, 10), append("b", 20, 30), read(40, 50, "b", "a")))
                .anyMatch(what -> what.contains("comes after one that was called"));
    }

    private static Operation<SetJudge.Input, Set<String>> add(String element, long call, long end, String... refusal) {
        return new Operation<>(
                0, new SetJudge.Add(element), end == Operation.NEVER ? null : Set.of(refusal), call, end);
    }

    private static Operation<SetJudge.Input, Set<String>> members(long call, long end, String... elements) {
        return new Operation<>(1, new SetJudge.ReadAll(), Set.of(elements), call, end);
    }

    @SafeVarargs
    private static List<String> set(Operation<SetJudge.Input, Set<String>>... history) {
        return SetJudge.judge("w", "k", List.of(history)).stream()
                .map(Anomaly::what)
                .toList();
    }

    @Test
    void sets() {
        assertThat(set(
                        add("a", 0, 10),
                        add("b", 5, Operation.NEVER),
                        members(6, 9),
                        members(11, 20, "a"),
                        members(40, 50, "b", "a")))
                .isEmpty();
        assertThat(set(add("a", 0, 10), members(11, 20))).anyMatch(what -> what.contains("lost"));
        assertThat(set(add("a", 0, 100), members(11, 20, "a"), members(30, 40)))
                .anyMatch(what -> what.contains("lost"));
        assertThat(set(add("a", 30, 40), members(11, 20, "a"))).anyMatch(what -> what.contains("added later"));
        assertThat(set(members(11, 20, "a"))).anyMatch(what -> what.contains("never added"));
        assertThat(set(add("a", 0, 10, "refused"), members(11, 20, "a"))).anyMatch(what -> what.contains("refused"));
    }

    private static Operation<Put, Long> put(String key, String value, Long version) {
        return new Operation<>(0, new Put(key, value), version, 0, version == null ? Operation.NEVER : 1);
    }

    private static List<String> watch(List<Operation<Put, Long>> puts, Seen... seen) {
        return WatchJudge.judge("w", puts, List.of(seen)).stream()
                .map(Anomaly::what)
                .toList();
    }

    @Test
    void watches() {
        List<Operation<Put, Long>> puts = List.of(put("k", "a", 1L), put("k", "b", null), put("l", "c", 3L));
        Seen a = new Seen(1, 0, "k", "a", 0);
        Seen c = new Seen(3, 0, "l", "c", 0);
        assertThat(watch(puts, a, c)).isEmpty();
        assertThat(watch(puts, a, new Seen(2, 0, "k", "b", 1), c)).isEmpty();
        assertThat(watch(puts, a)).anyMatch(what -> what.contains("was not told"));
        assertThat(watch(puts, a, a, c)).anyMatch(what -> what.contains("told twice"));
        assertThat(watch(puts, c, a)).anyMatch(what -> what.contains("out of order"));
        assertThat(watch(puts, a, c, new Seen(9, 0, "k", "b", 2))).anyMatch(what -> what.contains("is missing"));
        assertThat(watch(puts, a, c, new Seen(9, 0, "x", "x", 0))).anyMatch(what -> what.contains("nobody made"));
        assertThat(watch(puts, new Seen(1, 0, "k", "b", 0), c)).anyMatch(what -> what.contains("told wrongly"));
    }

    private static List<String> lock(List<Fenced> writes, List<Held> held) {
        return LockJudge.judge("w", writes, held).stream().map(Anomaly::what).toList();
    }

    @Test
    void locks() {
        assertThat(lock(
                        List.of(new Fenced(1, 1, 10), new Fenced(1, 2, 11), new Fenced(5, 4, 20)),
                        List.of(new Held(0, 1, 0, 10), new Held(1, 5, 11, 20))))
                .isEmpty();
        assertThat(lock(List.of(new Fenced(5, 1, 10), new Fenced(1, 2, 11)), List.of()))
                .anyMatch(what -> what.contains("older token"));
        assertThat(lock(List.of(new Fenced(1, 1, 10), new Fenced(5, 1, 11)), List.of()))
                .anyMatch(what -> what.contains("lost"));
        assertThat(lock(List.of(), List.of(new Held(0, 1, 0, 10), new Held(1, 5, 9, 20))))
                .anyMatch(what -> what.contains("two held"));
    }
}
