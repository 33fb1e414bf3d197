package dev.banyan.http;

import dev.banyan.net.Identity;
import dev.banyan.topology.FrontDoor.HostCertificate;
import dev.banyan.topology.FrontDoor.Tls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who a door is, by the name that a client asks for (SNI, RFC 6066 section 3): a name itself before those that a {@code *.} stands for, of
 * these the longest, and for all else the usual one. Immutable.
 *
 * @param all the usual one first
 * @param exact index of each host, in lower case
 * @param below index of each pattern, by what follows {@code *.}
 */
record Certificates(List<Identity> all, Map<String, Integer> exact, Map<String, Integer> below) {
    /** When the first of them ends. */
    Instant ends() {
        return all.stream().map(Identity::ends).min(Instant::compareTo).orElseThrow();
    }

    static Certificates of(Identity only) {
        return new Certificates(List.of(only), Map.of(), Map.of());
    }

    /**
     * The files of the front door's site file, or a certificate made here where there are none.
     *
     * @throws dev.banyan.topology.BanyanException BAD_SITE_FILE when one is missing or does not fit its key
     */
    static Certificates of(Tls at, Optional<Path> folder, Instant now) {
        List<Identity> read = new ArrayList<>();
        Map<String, Integer> exact = new HashMap<>();
        Map<String, Integer> below = new HashMap<>();
        if (at.certificate().isPresent() || at.certificates().isEmpty()) {
            read.add(Identity.of("front-door", at.certificate(), at.key(), folder, now));
        }
        for (int i = 0; i < at.certificates().size(); i++) {
            HostCertificate each = at.certificates().get(i);
            for (String host : each.hosts()) {
                String name = host.toLowerCase(Locale.ROOT);
                (name.startsWith("*.") ? below : exact).putIfAbsent(name.startsWith("*.") ? name.substring(2) : name, read.size());
            }
            read.add(Identity.readAt("front-door.tls.certificates[" + i + "]", each.certificate(), each.key()));
        }
        return new Certificates(List.copyOf(read), Map.copyOf(exact), Map.copyOf(below));
    }

    /** The files that these come from. */
    static List<Path> files(Tls at) {
        Stream<Path> usual = Stream.concat(at.certificate().stream(), at.key().stream());
        return Stream.concat(usual, at.certificates().stream().flatMap(each -> Stream.of(each.certificate(), each.key()))).toList();
    }

    /** The index of the one for a name; "" is none. */
    int index(String asked) {
        String name = asked.toLowerCase(Locale.ROOT);
        Integer found = exact.get(name);
        for (int dot = name.indexOf('.'); found == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            found = below.get(name.substring(dot + 1));
        }
        return found == null ? 0 : found;
    }
}
