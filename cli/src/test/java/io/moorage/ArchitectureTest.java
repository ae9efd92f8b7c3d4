package io.moorage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The arrows of docs/architecture.md run downwards only. */
@AnalyzeClasses(packages = "io.moorage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String PROTOCOL = "io.moorage.protocol..";
    private static final String NODE = "io.moorage.node..";
    private static final String CLIENT = "io.moorage.client..";
    private static final String API = "io.moorage.api..";
    private static final String CLI = "io.moorage.cli..";
    private static final String CRDS = "io.moorage.crds..";
    private static final String OPERATOR = "io.moorage.operator..";

    @ArchTest
    static final ArchRule protocolKnowsNobody = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NODE, CLIENT, API, CLI, CRDS, OPERATOR);

    @ArchTest
    static final ArchRule storageNodeKnowsTheProtocolOnly = noClasses()
            .that()
            .resideInAPackage(NODE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CLIENT, API, CLI, CRDS, OPERATOR);

    @ArchTest
    static final ArchRule clientKnowsTheProtocolOnly = noClasses()
            .that()
            .resideInAPackage(CLIENT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NODE, API, CLI, CRDS, OPERATOR);

    @ArchTest
    static final ArchRule apiServerKnowsTheClient = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NODE, CLI, OPERATOR);

    @ArchTest
    static final ArchRule customResourcesKnowNobody = noClasses()
            .that()
            .resideInAPackage(CRDS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, NODE, CLIENT, API, CLI, OPERATOR);

    @ArchTest
    static final ArchRule operatorKnowsTheClientAndTheCustomResources = noClasses()
            .that()
            .resideInAPackage(OPERATOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NODE, API, CLI);

    @ArchTest
    static final ArchRule inTheApiServerOneRoomKnowsKubernetes = noClasses()
            .that()
            .resideInAPackage(API)
            .and()
            .resideOutsideOfPackage("io.moorage.api.kubernetes..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.moorage.crds..");

    @ArchTest
    static final ArchRule onlyTheRaftRoomKnowsRatis = noClasses()
            .that()
            .resideOutsideOfPackage("io.moorage.node.raft..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.ratis..");

    @ArchTest
    static final ArchRule theStoreIsPure = noClasses()
            .that()
            .resideInAPackage("io.moorage.node.store..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "java.security..", "io.grpc..", "org.apache.ratis..");

    @ArchTest
    static final ArchRule roomsOfTheNodeFormNoCycles = SlicesRuleDefinition.slices()
            .matching("io.moorage.node.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfTheOperatorFormNoCycles = SlicesRuleDefinition.slices()
            .matching("io.moorage.operator.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfTheClientFormNoCycles = SlicesRuleDefinition.slices()
            .matching("io.moorage.client.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfTheCommandLineFormNoCycles = SlicesRuleDefinition.slices()
            .matching("io.moorage.cli.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfTheEmbeddedKubernetesFormNoCycles = SlicesRuleDefinition.slices()
            .matching("io.moorage.cli.kubernetes.(*)..")
            .should()
            .beFreeOfCycles();
}
