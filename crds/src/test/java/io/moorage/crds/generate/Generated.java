package io.moorage.crds.generate;

import java.nio.file.Path;

/** Where generated files are kept, and how they are made anew. */
final class Generated {
    /** Set to true, the tests write the files rather than compare them. */
    static final String PROPERTY = "moorage.refresh";

    static final String REFRESH = "./mvnw -q -pl crds test -Dtest=GeneratedFilesTest -Dmoorage.refresh=true";

    /** Tests run in the module's directory. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final Path DEFINITIONS = ROOT.resolve("charts/moorage/crds");
    static final Path REFERENCE = ROOT.resolve("docs/reference");

    private Generated() {}
}
