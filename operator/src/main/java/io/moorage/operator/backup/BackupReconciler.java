package io.moorage.operator.backup;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.moorage.crds.v1alpha1.Backup;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.backup.BackupStatus;
import io.moorage.crds.v1alpha1.backup.BackupStatusBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.status.AsksForSomethingElse;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.status.StatusPatch;
import java.time.InstantSource;

/** Says of every Backup that storage nodes cannot make it. Thread-safe. */
@ControllerConfiguration(
        name = "backup",
        fieldManager = Names.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = AsksForSomethingElse.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public final class BackupReconciler implements Reconciler<Backup> {
    private static final String MESSAGE = "this version cannot make backups: nothing of spec.source is copied";

    private final EventRecorder events;
    private final InstantSource clock;

    public BackupReconciler(EventRecorder events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    @Override
    public UpdateControl<Backup> reconcile(Backup backup, Context<Backup> context) {
        if (Resources.paused(backup)) {
            return UpdateControl.noUpdate();
        }
        BackupStatus before = backup.getStatus();
        Conditions conditions = new Conditions(
                        before == null ? null : before.conditions(),
                        backup.getMetadata().getGeneration(),
                        clock.instant())
                .set(Moorage.READY, false, Moorage.NOT_SUPPORTED, MESSAGE)
                .set(Moorage.PROGRESSING, false, Moorage.NOT_SUPPORTED, MESSAGE);
        BackupStatus status = (before == null ? BackupStatusBuilder.builder() : BackupStatusBuilder.builder(before))
                .observedGeneration(backup.getMetadata().getGeneration())
                .conditions(conditions.list())
                .build();
        if (status.equals(before)) {
            return UpdateControl.noUpdate();
        }
        events.warning(backup, Moorage.NOT_SUPPORTED, MESSAGE);
        return UpdateControl.patchStatus(StatusPatch.of(backup, new Backup(), status));
    }
}
