package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.AddressMap.Place;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which place is nearest to an address. */
class AddressMapTest {
    private static final AddressMap<String> MAP = AddressMap.of(List.of(
            new Place<>("first", List.of()),
            new Place<>("north", List.of("10.0.0.0/8", "2001:db8::/32")),
            new Place<>("south", List.of("10.1.0.0/16", "10.2.3.4"))));

    private static String nearest(String address, String... down) {
        return MAP.nearest(InetAddress.ofLiteral(address), place -> !Set.of(down).contains(place)).orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.9.9, north", "10.1.9.9, south", "10.2.3.4, south", "10.2.3.5, north",
        "192.0.2.1, first", "2001:db8::1, north", "2001:db9::1, first", "::ffff:10.1.0.1, south", "0.0.0.0, first"
    })
    void isTheOneThatNamesTheSmallestRange_elseTheFirst(String address, String place) {
        assertThat(nearest(address)).isEqualTo(place);
    }

    @Test
    void isTheNextWiderRange_thenTheFirstThatServes_whenAPlaceDoesNot() {
        assertThat(nearest("10.1.0.1", "south")).isEqualTo("north");
        assertThat(nearest("10.1.0.1", "south", "north")).isEqualTo("first");
        assertThat(nearest("192.0.2.1", "first")).isEqualTo("north");
        assertThat(nearest("192.0.2.1", "first", "north", "south")).isEqualTo("none");
    }
}
