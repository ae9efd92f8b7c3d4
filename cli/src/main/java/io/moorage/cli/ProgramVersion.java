package io.moorage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this program, from the build. */
public final class ProgramVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"moorage " + number() + ", Java " + Runtime.version()};
    }

    /** For example 0.1.0; "unknown" outside of a build. */
    public static String number() {
        Properties properties = new Properties();
        try (InputStream in = ProgramVersion.class.getResourceAsStream("/moorage-version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // A program that cannot say its version still works.
        }
        return properties.getProperty("version", "unknown");
    }
}
