package io.moorage.cli.kubernetes.server;

/**
 * How something is to be deleted.
 *
 * @param propagation Background, Foreground or Orphan; "" = as usual
 * @param graceSeconds for pods; null = as the pod says
 * @param uid "" = whatever it has
 * @param version "" = whatever it is
 */
public record Removal(String propagation, Integer graceSeconds, String uid, String version, boolean dryRun) {
    public static final Removal USUAL = new Removal("", null, "", "", false);
    /** A pod whose processes have ended. */
    public static final Removal NOW = new Removal("", 0, "", "", false);
}
