package io.moorage.crds.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalSelectableField;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import io.moorage.crds.v1alpha1.snapshot.SnapshotSpec;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatus;

/** A named state of a volume that stays readable. */
@Group(Moorage.GROUP)
@Version(Moorage.VERSION)
@Plural("snapshots")
@Singular("snapshot")
@ShortNames("msnap")
@Categories(Moorage.CATEGORY)
@JsonClassDescription(
        "A named state of a Volume that stays readable. It is instant, and costs nothing until data changes.")
@AdditionalPrinterColumn(name = "Volume", jsonPath = ".spec.volumeRef.name", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "ReadyToUse",
        jsonPath = ".status.readyToUse",
        type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
        name = "RestoreSize",
        jsonPath = ".status.restoreSize",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Expires",
        jsonPath = ".status.expirationTime",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Version",
        jsonPath = ".status.version",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalSelectableField(jsonPath = ".spec.volumeRef.name")
public class Snapshot extends CustomResource<SnapshotSpec, SnapshotStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
