package io.moorage.node.extent;

/** An extent's name within a replica: its volume and its 128-bit id. Ordered as unsigned bytes. Immutable. */
public record ExtentKey(long volume, long high, long low) implements Comparable<ExtentKey> {
    @Override
    public int compareTo(ExtentKey other) {
        int order = Long.compareUnsigned(volume, other.volume);
        order = order != 0 ? order : Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%x/%016x%016x", volume, high, low);
    }
}
