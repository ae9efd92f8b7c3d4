package io.moorage.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.moorage.operator.naming.Resources;

/** Lets through what somebody asks for, annotations included, and not what the operator itself writes into a status. */
public final class AsksForSomethingElse implements OnUpdateFilter<HasMetadata> {
    @Override
    public boolean accept(HasMetadata now, HasMetadata before) {
        return Resources.asksForSomethingElse(now, before);
    }
}
