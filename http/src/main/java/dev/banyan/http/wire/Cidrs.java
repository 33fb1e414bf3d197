package dev.banyan.http.wire;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.List;

/** A set of address ranges in CIDR notation (RFC 4632, RFC 4291), IPv4 and IPv6. */
public final class Cidrs {
    private final List<Range> ranges;

    private Cidrs(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** @throws IllegalArgumentException when one is malformed; the site file's reader has checked them before */
    public static Cidrs of(List<String> texts) {
        return new Cidrs(texts.stream().map(Range::of).toList());
    }

    /** @param address 4 or 16 bytes in network order; an IPv4 address inside an IPv6 one counts as the former */
    public boolean contain(byte[] address) {
        byte[] plain = unmapped(address);
        for (Range range : ranges) {
            if (range.contains(plain)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code text} is an address within; false for anything else. */
    public boolean contain(String text) {
        if (ranges.isEmpty()) {
            return false;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        return address != null && contain(address);
    }

    /** An IPv4 address inside an IPv6 one as what it is. */
    public static byte[] unmapped(byte[] address) {
        if (address.length != 16) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return address;
            }
        }
        return address[10] == -1 && address[11] == -1 ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    /** One range. */
    public record Range(byte[] base, int bits) {
        public static Range of(String text) {
            int slash = text.indexOf('/');
            byte[] base = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
            if (base == null) {
                throw new IllegalArgumentException("'" + text + "' is not an address range like 10.0.0.0/8 or fd00::/8");
            }
            int bits = slash < 0 ? base.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > base.length * 8) {
                throw new IllegalArgumentException("'" + text + "' has a prefix of 0 to " + base.length * 8 + " bits, not " + bits);
            }
            return new Range(base, bits);
        }

        public boolean contains(byte[] address) {
            if (address.length != base.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i & 7);
                if ((address[i >> 3] & mask) != (base[i >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
