package io.moorage.api.s3.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses with a common beginning (RFC 4632).
 *
 * @param address 4 or 16 octets
 * @param bits how many of them count
 */
record IpRange(byte[] address, int bits) {
    private static final Pattern V4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** An address, or one with a slash and the number of bits. Empty: neither. */
    static Optional<IpRange> parse(String text) {
        String[] parts = text.split("/", 2);
        Optional<byte[]> address = address(parts[0]);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int all = address.get().length * 8;
        if (parts.length == 1) {
            return Optional.of(new IpRange(address.get(), all));
        }
        if (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > all) {
            return Optional.empty();
        }
        return Optional.of(new IpRange(address.get(), Integer.parseInt(parts[1])));
    }

    /** Never a name: nothing is looked up. */
    private static Optional<byte[]> address(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(String text) {
        byte[] other = address(text).orElse(new byte[0]);
        if (other.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((other[bit / 8] & mask) != (address[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
