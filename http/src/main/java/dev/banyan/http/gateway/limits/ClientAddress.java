package dev.banyan.http.gateway.limits;

import io.netty.util.NetUtil;

/** A client's address as the number that limits count by: an IPv4 address, or the first 64 bits of an IPv6 one, which one subscriber has. */
final class ClientAddress {
    /** Where IPv4 addresses lie among the numbers: no IPv6 network of the public internet begins so. */
    private static final long IPV4 = 0xFFFFL << 32;
    private static final int MAPPED_PREFIX = 12;

    private ClientAddress() {}

    /** The number, or -1 for a text that is no address. */
    static long of(String text) {
        long four = ipv4(text);
        if (four >= 0) {
            return IPV4 | four;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return -1;
        }
        return bytes.length == 4 ? IPV4 | number(bytes, 0, 4) : mapped(bytes) ? IPV4 | number(bytes, MAPPED_PREFIX, 16) : number(bytes, 0, 8);
    }

    /** The common form read without an object; -1 when it is another. */
    private static long ipv4(String text) {
        long address = 0;
        int part = -1;
        int parts = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                part = Math.max(part, 0) * 10 + c - '0';
                if (part > 255) {
                    return -1;
                }
            } else if (c == '.' && part >= 0 && parts < 3) {
                address = address << 8 | part;
                part = -1;
                parts++;
            } else {
                return -1;
            }
        }
        return parts == 3 && part >= 0 ? address << 8 | part : -1;
    }

    /** An IPv4 address in IPv6's clothes, ::ffff:192.0.2.1. */
    private static boolean mapped(byte[] bytes) {
        return number(bytes, 0, 8) == 0 && number(bytes, 8, MAPPED_PREFIX) == 0xFFFF;
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }
}
