package dev.banyan.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A key that is read often.
 *
 * @param key its first {@link HotKeys#SHOWN_BYTES} bytes; not copied
 * @param hash of the whole key
 * @param perSecond about how often it is read
 */
public record HotKey(byte[] key, long hash, double perSecond) {
    private static final Comparator<HotKey> HOTTEST_FIRST = Comparator.comparingDouble(HotKey::perSecond).reversed();

    /** What several loops saw as one list, the hottest first. */
    static List<HotKey> together(List<List<HotKey>> ofLoops, int most) {
        Map<Long, HotKey> byHash = new HashMap<>();
        ofLoops.forEach(list -> list.forEach(key -> byHash.merge(key.hash, key, HotKey::and)));
        return hottest(new ArrayList<>(byHash.values()), most);
    }

    static List<HotKey> hottest(List<HotKey> keys, int most) {
        return keys.stream().sorted(HOTTEST_FIRST).limit(most).toList();
    }

    private HotKey and(HotKey other) {
        return new HotKey(key, hash, perSecond + other.perSecond);
    }

    /** What is no printable ASCII is shown as {@code \xHH}, as redis-cli does. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (byte each : key) {
            if (each > ' ' - 1 && each < 127 && each != '\\') {
                text.append((char) each);
            } else {
                text.append(String.format("\\x%02x", each & 0xff));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return new String(key, StandardCharsets.ISO_8859_1) + " " + Math.round(perSecond) + "/s";
    }
}
