package io.moorage.api.feed;

import io.moorage.api.config.Network;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses changes are delivered to. Whoever makes a webhook chooses where this server connects: so it does not connect to
 * itself, to its neighbours, or to what hands out credentials to machines, unless it is told to (OWASP, Server-Side Request Forgery
 * Prevention). A name is looked up here, and the connection is made to the addresses that were judged, not to what another look-up
 * would say. Thread-safe.
 */
final class ReceiverAddresses {
    private static final int MAX_ADDRESSES = 16;

    /** Looks a name up; an address is itself. */
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    /** Every address of a receiver is refused. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private record Range(Network network, String what) {}

    /** The special-purpose registries of IANA (RFC 6890 and its updates), as far as they do not lead into the Internet. */
    private static final List<Range> SPECIAL = List.of(
            range("0.0.0.0/8", "this machine"),
            range("10.0.0.0/8", "private"),
            range("100.64.0.0/10", "private (shared by carriers and clouds)"),
            range("127.0.0.0/8", "loopback"),
            range("169.254.0.0/16", "link-local, where clouds keep the metadata of machines"),
            range("172.16.0.0/12", "private"),
            range("192.0.0.0/24", "reserved"),
            range("192.168.0.0/16", "private"),
            range("198.18.0.0/15", "reserved"),
            range("224.0.0.0/4", "multicast"),
            range("240.0.0.0/4", "reserved"),
            range("::/96", "this machine, or an IPv4 address in disguise"),
            range("64:ff9b::/96", "an IPv4 address in disguise"),
            range("64:ff9b:1::/48", "an IPv4 address in disguise"),
            range("100::/64", "reserved"),
            range("2001::/23", "reserved"),
            range("2002::/16", "an IPv4 address in disguise"),
            range("fc00::/7", "private"),
            range("fe80::/10", "link-local"),
            range("fec0::/10", "private"),
            range("ff00::/8", "multicast"));

    private final List<Network> allowed;
    private final Lookup lookup;

    ReceiverAddresses(List<String> allowed, Lookup lookup) {
        this.allowed = allowed.stream()
                .map(network -> Network.parse(network).orElseThrow())
                .toList();
        this.lookup = lookup;
    }

    /** The addresses of a receiver that may be connected to; at least one. */
    InetAddress[] of(String host) throws IOException {
        List<InetAddress> usable = new ArrayList<>();
        String refused = "";
        for (InetAddress address : lookup.all(host)) {
            Optional<String> why = refusal(address);
            if (why.isEmpty() && usable.size() < MAX_ADDRESSES) {
                usable.add(address);
            } else if (why.isPresent()) {
                refused = address.getHostAddress() + ", which is " + why.get();
            }
        }
        if (usable.isEmpty()) {
            throw new RefusedException("receiver '" + host + "' is at " + refused
                    + "; if changes may go there, add its network to webhooks.allow of the API server");
        }
        return usable.toArray(InetAddress[]::new);
    }

    private Optional<String> refusal(InetAddress address) {
        if (allowed.stream().anyMatch(network -> network.contains(address))) {
            return Optional.empty();
        }
        Optional<String> why = SPECIAL.stream()
                .filter(range -> range.network.contains(address))
                .map(Range::what)
                .findFirst();
        // Zones are of this machine's own networks.
        return why.isEmpty() && address instanceof Inet6Address six && six.getScopeId() != 0
                ? Optional.of("link-local")
                : why;
    }

    private static Range range(String network, String what) {
        return new Range(Network.parse(network).orElseThrow(), what);
    }
}
