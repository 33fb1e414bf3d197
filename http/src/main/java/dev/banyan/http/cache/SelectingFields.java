package dev.banyan.http.cache;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Lists;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which stored response a request selects by the fields that {@code Vary} names (RFC 9111 section 4.1). One for each loop: it compares without allocating.
 * Owned by one IO loop.
 */
public final class SelectingFields {
    /** A response that varies by more is not stored. */
    private static final int MOST_NAMES = 16;

    private final SelectingValue value = new SelectingValue();

    /**
     * What a response says of the requests it answers, with the values of the one it answered.
     *
     * @return empty when no other request can be known to get the same: {@code Vary: *}, or more names than anyone means
     */
    public Optional<StoredHead.Vary> of(Fields response, Fields request) {
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < response.count(); i++) {
            if (response.name(i) == FieldName.VARY && !addNames(response, i, names)) {
                return Optional.empty();
            }
        }
        if (names.isEmpty()) {
            return Optional.of(StoredHead.Vary.NONE);
        }
        List<String> values = new ArrayList<>();
        for (String name : names) {
            values.add(value.read(request, name).toString());
        }
        return Optional.of(new StoredHead.Vary(List.copyOf(names), values));
    }

    /** False for {@code *}, for what is no name, and for too many. */
    private static boolean addNames(Fields response, int field, TreeSet<String> names) {
        byte[] bytes = response.bytes();
        int to = response.valueEnd(field);
        for (int at = response.valueStart(field); at < to; ) {
            int comma = Lists.comma(bytes, at, to);
            int start = Lists.trimStart(bytes, at, comma);
            int end = Lists.trimEnd(bytes, start, comma);
            at = comma + 1;
            if (start == end) {
                continue;
            }
            boolean star = end - start == 1 && bytes[start] == '*';
            if (star || !Lists.token(bytes, start, end) || names.size() == MOST_NAMES) {
                return false;
            }
            names.add(new String(bytes, start, end - start, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
        }
        return true;
    }

    /** The same requests, as far as they carry no cookie. */
    static StoredHead.Vary withoutCookie(StoredHead.Vary vary) {
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < vary.names().size(); i++) {
            values.put(vary.names().get(i), vary.values().get(i));
        }
        values.put("cookie", SelectingValue.ABSENT);
        return new StoredHead.Vary(List.copyOf(values.keySet()), List.copyOf(values.values()));
    }

    /** Whether a request is among those that a response answers. */
    public boolean match(StoredHead.Vary vary, Fields request) {
        for (int i = 0; i < vary.names().size(); i++) {
            if (!value.read(request, vary.names().get(i)).is(vary.values().get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Which of a URL's stored responses answers a request: of those that match the one that holds the bytes that are asked for, of several the one made
     * last.
     *
     * @return its place in the list, or -1
     */
    public int choose(List<StoredHead> stored, RequestRules request) {
        int best = -1;
        boolean bestHolds = false;
        for (int i = 0; i < stored.size(); i++) {
            StoredHead head = stored.get(i);
            if (!match(head.vary(), request.head().fields())) {
                continue;
            }
            boolean holds = Reuse.holds(head.range(), request);
            if (best < 0 || holds && !bestHolds || holds == bestHolds && head.dateMillis() > stored.get(best).dateMillis()) {
                best = i;
                bestHolds = holds;
            }
        }
        return best;
    }
}
