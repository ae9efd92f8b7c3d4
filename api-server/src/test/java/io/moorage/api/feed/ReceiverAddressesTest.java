package io.moorage.api.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverAddressesTest {
    private static final ReceiverAddresses STRICT = new ReceiverAddresses(List.of(), InetAddress::getAllByName);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "10.1.2.3",
                "100.100.100.200",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.168.1.1",
                "224.0.0.1",
                "255.255.255.255",
                // 127.0.0.1 as one number, and as IPv6.
                "2130706433",
                "::ffff:127.0.0.1",
                "::1",
                "::",
                "::7f00:1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "fe80::1",
                "fd00:ec2::254",
                "ff02::1"
            })
    void addressesThatAreNotOfTheInternetAreRefused(String address) {
        assertThatThrownBy(() -> STRICT.of(address))
                .isInstanceOf(ReceiverAddresses.RefusedException.class)
                .hasMessageContaining("webhooks.allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"})
    void othersAreNot(String address) throws Exception {
        assertThat(STRICT.of(address)).containsExactly(InetAddress.getByName(address));
    }

    @Test
    void whatIsAllowedIsNotRefusedAndItsNeighboursAre() throws Exception {
        ReceiverAddresses some = new ReceiverAddresses(List.of("10.2.0.0/15", "fd01::/16"), InetAddress::getAllByName);
        assertThat(some.of("10.3.255.255")).hasSize(1);
        assertThat(some.of("fd01::1")).hasSize(1);
        assertThatThrownBy(() -> some.of("10.4.0.0")).hasMessageContaining("10.4.0.0, which is private");
        assertThatThrownBy(() -> some.of("fd02::1")).hasMessageContaining("private");
    }

    @Test
    void ofANameWithGoodAndBadAddressesOnlyTheGoodOnesAreUsed() throws Exception {
        InetAddress good = InetAddress.getByName("1.1.1.1");
        InetAddress bad = InetAddress.getByName("10.0.0.1");
        ReceiverAddresses mixed = new ReceiverAddresses(List.of(), host -> new InetAddress[] {bad, good});
        assertThat(mixed.of("both.example")).containsExactly(good);
    }
}
