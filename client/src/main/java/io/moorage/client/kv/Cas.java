package io.moorage.client.kv;

import io.moorage.protocol.v1.KeyValue;
import java.util.Optional;

/**
 * What came of a compare-and-swap.
 *
 * @param swapped whether what was there was what was expected; the new value is then there
 * @param version of the key now; 0 = there is none
 * @param current what is there, if it was not swapped; empty also when there is nothing
 */
public record Cas(boolean swapped, long version, Optional<KeyValue> current) {}
