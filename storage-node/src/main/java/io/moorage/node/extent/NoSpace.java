package io.moorage.node.extent;

/** Tells a full disk from a broken one. */
public final class NoSpace {
    private NoSpace() {}

    /**
     * Whether it was for want of space that something could not be written. A sync that failed is not: what it lost is unknown,
     * whatever the reason.
     */
    public static boolean isReason(Throwable thrown) {
        boolean found = false;
        int depth = 0;
        for (Throwable each = thrown; each != null && depth < 32; each = each.getCause(), depth++) {
            String message = String.valueOf(each.getMessage());
            found |= message.contains("No space left") || message.contains("Disk quota exceeded");
            for (StackTraceElement frame : each.getStackTrace()) {
                if (frame.getMethodName().equals("force")) {
                    return false;
                }
            }
        }
        return found;
    }
}
