package io.moorage.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Addresses that begin alike (RFC 4632, RFC 4291 section 2.3). Immutable.
 *
 * @param bits how many of them count
 */
public record Network(InetAddress address, int bits) {

    /** Such as "10.0.0.0/8", "fd00::/8" or one address; names are none. Empty: it is not written like that. */
    public static Optional<Network> parse(String text) {
        String[] parts = text.split("/", -1);
        // Nothing that would be looked up.
        if (parts.length > 2 || !parts[0].matches("\\d+(\\.\\d+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(parts[0]);
            int most = address.getAddress().length * 8;
            if (parts.length == 1) {
                return Optional.of(new Network(address, most));
            }
            return parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= most
                    ? Optional.of(new Network(address, Integer.parseInt(parts[1])))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Never of another family. */
    public boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] its = other.getAddress();
        if (own.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((own[bit / 8] & mask) != (its[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
