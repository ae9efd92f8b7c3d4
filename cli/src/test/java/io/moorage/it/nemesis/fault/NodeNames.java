package io.moorage.it.nemesis.fault;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import io.grpc.internal.DnsNameResolverProvider;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the clients in this process find nodes by the names that nodes know each other by; all other names are looked up as ever. */
final class NodeNames extends NameResolverProvider {
    private static final Pattern TARGET = Pattern.compile("/node-(\\d+)\\.nemesis:(\\d+)");

    private final DnsNameResolverProvider others = new DnsNameResolverProvider();
    private final Network network;

    NodeNames(Network network) {
        this.network = network;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 9;
    }

    @Override
    public String getDefaultScheme() {
        return others.getDefaultScheme();
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
        Matcher node = TARGET.matcher(target.getPath() == null ? "" : target.getPath());
        if (!node.matches()) {
            return others.newNameResolver(target, arguments);
        }
        InetSocketAddress address = new InetSocketAddress(
                network.address(network.clients(), Integer.parseInt(node.group(1))), Integer.parseInt(node.group(2)));
        return new NameResolver() {
            @Override
            public String getServiceAuthority() {
                return target.getPath().substring(1);
            }

            @Override
            public void start(Listener2 listener) {
                listener.onResult(ResolutionResult.newBuilder()
                        .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
                        .build());
            }

            @Override
            public void shutdown() {
                // Nothing to give back.
            }
        };
    }
}
