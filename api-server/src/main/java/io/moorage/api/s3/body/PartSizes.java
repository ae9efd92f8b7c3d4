package io.moorage.api.s3.body;

import java.util.ArrayList;
import java.util.List;

/** Sizes of an object's parts as they are kept: equal sizes after each other are said once, as in 8388608x99,17. */
public final class PartSizes {
    private static final int MAX_PARTS = 10_000;

    private PartSizes() {}

    /** @param sizes in bytes, in order */
    public static String encode(List<Long> sizes) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < sizes.size()) {
            int end = i;
            while (end < sizes.size() && sizes.get(end).equals(sizes.get(i))) {
                end++;
            }
            text.append(i == 0 ? "" : ",").append(sizes.get(i)).append(end - i > 1 ? "x" + (end - i) : "");
            i = end;
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException for what is none, or of more than 10,000 parts */
    public static List<Long> decode(String text) {
        List<Long> sizes = new ArrayList<>();
        for (String run : text.split(",")) {
            String[] fields = run.split("x");
            int times = fields.length == 2 ? Integer.parseInt(fields[1]) : 1;
            long size = Long.parseLong(fields[0]);
            if (times < 1 || size < 0 || sizes.size() + times > MAX_PARTS) {
                throw new IllegalArgumentException(text);
            }
            for (int i = 0; i < times; i++) {
                sizes.add(size);
            }
        }
        return sizes;
    }
}
