package io.moorage.cli.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What of a file on this machine is kept beside its content: the time of its last change, and who may read, write and execute it.
 * Two of the same file are equal if it did not change in between. Immutable.
 *
 * @param mode permission bits; -1 = this file system has none
 */
record LocalFile(long size, Instant mtime, int mode) {
    /** Names of the entry's metadata. RFC 3339 with nanoseconds; octal with a leading 0. */
    static final String MTIME = "mtime";

    static final String MODE = "mode";

    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    static LocalFile of(Path path) throws IOException {
        int mode = -1;
        if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
            mode = 0;
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            for (int bit = 0; bit < BITS.length; bit++) {
                mode |= permissions.contains(BITS[bit]) ? 1 << bit : 0;
            }
        }
        return new LocalFile(Files.size(path), Files.getLastModifiedTime(path).toInstant(), mode);
    }

    Map<String, String> metadata() {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(MTIME, mtime.toString());
        if (mode >= 0) {
            metadata.put(MODE, "0" + Integer.toOctalString(mode));
        }
        return metadata;
    }

    /** Whether an entry has this size and time. */
    boolean matches(RemoteEntry entry) {
        return !entry.isDirectory()
                && entry.size() == size
                && mtime.toString().equals(entry.metadata().get(MTIME));
    }

    /** Gives a file the time and permissions that its entry has. Metadata of these names in another form is left alone. */
    static void restore(Path path, Map<String, String> metadata) throws IOException {
        String mode = metadata.getOrDefault(MODE, "");
        if (mode.matches("0[0-7]{1,3}") && Files.getFileStore(path).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(path, permissions(Integer.parseInt(mode, 8)));
        }
        try {
            String mtime = metadata.get(MTIME);
            if (mtime != null) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.parse(mtime)));
            }
        } catch (DateTimeException e) {
            // Somebody else's metadata of the same name.
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(BITS[bit]);
            }
        }
        return permissions;
    }
}
