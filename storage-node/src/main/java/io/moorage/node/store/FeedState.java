package io.moorage.node.store;

import io.moorage.protocol.v1.ChangeFeed;

/** How a volume's change feed stands, as apply works with it. Only the applying thread touches it. */
final class FeedState {
    /** Changes up to this version are no longer kept. */
    long horizon;
    /** Values that nothing else keeps are no longer kept for changes up to this version. */
    long valueHorizon;
    /** Changes kept. */
    long count;
    /** Bytes of values that nothing but the feed keeps. */
    long heldBytes;

    FeedState(ChangeFeed feed) {
        horizon = feed.getHorizon();
        valueHorizon = feed.getValueHorizon();
        count = feed.getCount();
        heldBytes = feed.getHeldBytes();
    }

    ChangeFeed toProto() {
        Invariant.check(count >= 0 && heldBytes >= 0, "a change feed has %d changes and %d bytes", count, heldBytes);
        return ChangeFeed.newBuilder()
                .setHorizon(horizon)
                .setValueHorizon(valueHorizon)
                .setCount(count)
                .setHeldBytes(heldBytes)
                .build();
    }
}
