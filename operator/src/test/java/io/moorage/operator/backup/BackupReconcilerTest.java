package io.moorage.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.moorage.crds.v1alpha1.Backup;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.ObjectStoreBuilder;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.backup.BackupSource;
import io.moorage.crds.v1alpha1.backup.BackupSpecBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.testing.TestKubernetes;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class BackupReconcilerTest {
    @Test
    void backupSaysThatItIsNotSupported() {
        try (TestKubernetes kubernetes = new TestKubernetes()) {
            kubernetes.run(new BackupReconciler(
                    new EventRecorder(kubernetes.client(), InstantSource.system()), InstantSource.system()));
            Backup backup = new Backup();
            backup.setMetadata(new ObjectMetaBuilder().withName("b").build());
            backup.setSpec(BackupSpecBuilder.builder()
                    .source(new BackupSource(new Reference("v"), null))
                    .destination(ObjectStoreBuilder.builder()
                            .bucket("bucket")
                            .credentialsSecretRef(new Reference("keys"))
                            .build())
                    .build());
            kubernetes.create(backup);
            await().untilAsserted(() -> {
                Backup now = kubernetes.get(Backup.class, "b");
                assertThat(now.getStatus()).isNotNull();
                assertThat(TestKubernetes.show(now.getStatus().conditions(), Moorage.READY))
                        .isEqualTo("False NotSupported");
                assertThat(now.getStatus().location()).isNull();
            });
        }
    }
}
