package io.moorage.it.nemesis.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Whether a history of a list that unique elements are appended to is linearizable. Every read tells the order of all appends before
 * it, so it takes no search: reads must be beginnings of one list, and agree with the clock.
 */
public final class ListJudge {
    /** What is asked. */
    public sealed interface Input {}

    public record Append(String element) implements Input {}

    /** Answered with the whole list. */
    public record ReadAll() implements Input {}

    private final String workload;
    private final String key;
    private final Map<String, Operation<Input, List<String>>> appends = new HashMap<>();
    private final List<Operation<Input, List<String>>> reads = new ArrayList<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    private ListJudge(String workload, String key, List<Operation<Input, List<String>>> history) {
        this.workload = workload;
        this.key = key;
        for (Operation<Input, List<String>> operation : history) {
            if (operation.input() instanceof Append append) {
                appends.put(append.element(), operation);
            } else if (!operation.isOpen()) {
                reads.add(operation);
            }
        }
    }

    /** @param history of one list, by when operations were called */
    public static List<Anomaly> judge(String workload, String key, List<Operation<Input, List<String>>> history) {
        ListJudge judge = new ListJudge(workload, key, history);
        judge.judge();
        return judge.anomalies;
    }

    private void judge() {
        List<String> longest = reads.stream()
                .map(Operation::output)
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
        Map<String, Integer> places = places(longest);
        for (Operation<Input, List<String>> read : reads) {
            List<String> seen = read.output();
            if (!longest.subList(0, seen.size()).equals(seen)) {
                found("two reads disagree about the order", seen + "\n" + longest);
            }
            judgeAgainstAppends(read, places);
        }
        judgeReadsAgainstReads();
        judgeAppendsAgainstAppends(places);
    }

    private Map<String, Integer> places(List<String> longest) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < longest.size(); i++) {
            String element = longest.get(i);
            if (places.put(element, i) != null) {
                found("'" + element + "' is in it twice", longest.toString());
            }
            if (!appends.containsKey(element)) {
                found("'" + element + "' is in it, and was never appended, or refused", longest.toString());
            }
        }
        return places;
    }

    private void judgeAgainstAppends(Operation<Input, List<String>> read, Map<String, Integer> places) {
        HashSet<String> seen = new HashSet<>(read.output());
        appends.forEach((element, append) -> {
            if (append.returnNanos() < read.callNanos() && !seen.contains(element)) {
                found(
                        "'" + element + "' was acknowledged, and a later read does not see it",
                        append + "\n" + read + "\nin the longest read: " + places.containsKey(element));
            }
            if (append.callNanos() > read.returnNanos() && seen.contains(element)) {
                found("'" + element + "' was read before it was appended", append + "\n" + read);
            }
        });
    }

    private void judgeReadsAgainstReads() {
        List<Operation<Input, List<String>>> byReturn = reads.stream()
                .sorted(Comparator.comparingLong(Operation::returnNanos))
                .toList();
        int answered = 0;
        Operation<Input, List<String>> most = null;
        for (Operation<Input, List<String>> read : reads) {
            for (; answered < byReturn.size() && byReturn.get(answered).returnNanos() < read.callNanos(); answered++) {
                if (most == null
                        || byReturn.get(answered).output().size()
                                > most.output().size()) {
                    most = byReturn.get(answered);
                }
            }
            if (most != null && read.output().size() < most.output().size()) {
                found("a read sees less than one before it", most + "\n" + read);
            }
        }
    }

    private void judgeAppendsAgainstAppends(Map<String, Integer> places) {
        List<Operation<Input, List<String>>> inOrder = places.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(place -> appends.get(place.getKey()))
                .filter(append -> append != null)
                .toList();
        long latestCall = Long.MIN_VALUE;
        for (Operation<Input, List<String>> append : inOrder) {
            if (append.returnNanos() < latestCall) {
                found("an append comes after one that was called when it had been answered", append.toString());
            }
            latestCall = Math.max(latestCall, append.callNanos());
        }
    }

    private void found(String what, String evidence) {
        anomalies.add(new Anomaly(workload, "list '" + key + "': " + what, evidence));
    }
}
