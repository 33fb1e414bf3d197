package dev.banyan.http.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, true",
        "2001:db8:1:2::1, 2001:0DB8:0001:0002:0:0:0:9, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "::1, ::2, true",
    })
    void oneSubscriberIsOneNumber(String one, String other, boolean same) {
        assertThat(ClientAddress.of(one) == ClientAddress.of(other)).isEqualTo(same);
        assertThat(ClientAddress.of(one)).isNotEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..2.3", "1.2.3.", ".1.2.3", "1.2.3.4x", "2001:db8::g"})
    void whatIsNoAddressHasNoNumber(String text) {
        assertThat(ClientAddress.of(text)).isEqualTo(-1);
    }

    @Property(tries = 200)
    void theNumberOfAnIpv4AddressHoldsIt(@ForAll int address) throws Exception {
        byte[] bytes = {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address};
        assertThat((int) ClientAddress.of(InetAddress.getByAddress(bytes).getHostAddress())).isEqualTo(address);
    }
}
