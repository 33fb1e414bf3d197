package dev.banyan.http.gateway;

import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.Method;
import java.util.Arrays;
import java.util.List;

/** The methods a route is for; GET stands for HEAD too, so that no rule for GET is passed by HEAD. Immutable. */
final class MethodSet {
    private final boolean all;
    private final int known;
    private final byte[][] others;

    /** @param methods all when there are none */
    MethodSet(List<String> methods) {
        all = methods.isEmpty();
        int bits = 0;
        for (String method : methods) {
            bits |= bit(of(method)) | (method.equals("GET") ? bit(Method.HEAD) : 0);
        }
        known = bits;
        others = methods.stream().filter(method -> of(method) == Method.OTHER).map(HeadBuffer::ascii).toArray(byte[][]::new);
    }

    private static Method of(String method) {
        byte[] bytes = HeadBuffer.ascii(method);
        return Method.of(bytes, 0, bytes.length);
    }

    private static int bit(Method method) {
        return method == Method.OTHER ? 0 : 1 << method.ordinal();
    }

    /** Whether {@code bytes[from, to)}, which spells this method, is among them. */
    boolean has(Method method, byte[] bytes, int from, int to) {
        if (all || (known & bit(method)) != 0) {
            return true;
        }
        for (byte[] other : others) {
            if (method == Method.OTHER && Arrays.equals(other, 0, other.length, bytes, from, to)) {
                return true;
            }
        }
        return false;
    }
}
