package io.moorage.client.kv;

import io.moorage.protocol.v1.Lease;
import java.util.List;

/** A lease and the keys that end with it, in byte order. */
public record LeaseView(Lease lease, List<String> keys) {}
