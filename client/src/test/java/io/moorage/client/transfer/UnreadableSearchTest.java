package io.moorage.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.UnreadableEntries;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ListIncompleteResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreadableSearchTest {

    @Test
    void onlyWhatNobodyHasIsUnreadable() {
        UnreadableEntries found = common(
                answer("", entry("a", 1, 10, 11), entry("b", 2, 20), entry("c", 3, 30)),
                answer("", entry("a", 1, 11, 12), entry("c", 3, 31)));
        assertThat(found.entries()).containsExactly(entry("a", 1, 11));
        assertThat(found.next()).isEmpty();
    }

    @Test
    void replicaWithAnotherVersionSaysNothingOfThisOne() {
        assertThat(common(answer("", entry("a", 1, 10)), answer("", entry("a", 2, 10)))
                        .entries())
                .isEmpty();
    }

    @Test
    void goesAsFarAsAllHaveLookedInTheOrderOfBytes() {
        // U+FF5E comes before U+1F600 in UTF-8 and behind it in UTF-16.
        String first = "\uff5e";
        String second = "\ud83d\ude00";
        UnreadableEntries found = common(
                answer(second, entry("a", 1, 10), entry(first, 2, 20), entry(second, 3, 30)),
                answer(first, entry("a", 1, 10), entry(first, 2, 20)),
                answer("", entry("a", 1, 10), entry(first, 2, 20), entry(second, 3, 30)));
        assertThat(found.entries()).containsExactly(entry("a", 1, 10), entry(first, 2, 20));
        assertThat(found.next()).isEqualTo(first);
    }

    private static UnreadableEntries common(ListIncompleteResponse... answers) {
        return UnreadableSearch.common(List.of(answers), List.of());
    }

    private static ListIncompleteResponse answer(String next, Entry... entries) {
        return ListIncompleteResponse.newBuilder()
                .setNext(next)
                .addAllEntries(List.of(entries))
                .build();
    }

    private static Entry entry(String key, long version, long... extents) {
        Entry.Builder entry = Entry.newBuilder().setKey(key).setVersion(version);
        for (long id : extents) {
            entry.addExtents(Extent.newBuilder().setIdHigh(id));
        }
        return entry.build();
    }
}
