package dev.banyan.topology.file;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Ranges of addresses, as {@code 10.0.0.0/8} (RFC 4632, RFC 4291 2.3); no name is ever looked up. */
final class Cidr {
    private Cidr() {}

    /** The text itself, when it is a range. */
    static String checked(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf(':') < 0 && address.chars().filter(c -> c == '.').count() != 3) {
            throw new IllegalArgumentException();
        }
        int most = InetAddress.ofLiteral(address) instanceof Inet4Address && address.indexOf(':') < 0 ? 32 : 128;
        if (slash >= 0 && Integer.parseInt(text.substring(slash + 1)) > most) {
            throw new ValueType.Unfit("has more bits than the address: at most " + most);
        }
        return text;
    }
}
