package dev.banyan.http.cache;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.HttpDate;
import dev.banyan.http.wire.ResponseHead;
import java.util.Arrays;
import java.util.List;

/** The header fields of a response that are kept, and those that a newer one replaces (RFC 9111 sections 3.1 and 3.2). Reused. Owned by one IO loop. */
final class StoredFields {
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] DATE = ascii("Date: ");

    private final HeadBuffer out = new HeadBuffer();
    private final Fields fields = new Fields();

    /** The lines that are kept of a response, with a {@code Date} (RFC 9110 section 6.6.1: who stores one without adds when it came). */
    byte[] of(ResponseHead head, ResponseRules rules, CacheRules.Cookies cookies, long receivedMillis) {
        out.clear();
        for (int i = 0; i < head.fields().count(); i++) {
            boolean dropped = neverKept(head, i)
                    || head.fields().name(i) == FieldName.CONTENT_RANGE && head.status() == 206
                    || head.fields().name(i) == FieldName.SET_COOKIE && cookies != CacheRules.Cookies.KEEP
                    || named(rules.control().noCacheFields(), head.fields(), i)
                    || named(rules.control().privateFields(), head.fields(), i);
            if (!dropped) {
                line(head.fields(), i);
            }
        }
        if (rules.date() == HttpDate.NONE) {
            date(receivedMillis);
        }
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /**
     * RFC 9111 section 3.1, and what is written anew for each answer; what is left of one caller's rate limit, which is no news for others; a Date
     * that is none would stand before the one that is added.
     */
    private static boolean neverKept(ResponseHead head, int field) {
        if (head.endsHere(field)) {
            return true;
        }
        return switch (head.fields().name(field)) {
            case TRANSFER_ENCODING, CONTENT_LENGTH, AGE, TRAILER, PROXY_AUTHENTICATE, PROXY_AUTHENTICATION_INFO, PROXY_AUTHORIZATION -> true;
            case DATE -> HttpDate.read(head.bytes(), head.fields().valueStart(field), head.fields().valueEnd(field), 0) == HttpDate.NONE;
            default -> RequestRules.named(head.fields(), field, "ratelimit") || RequestRules.named(head.fields(), field, "ratelimit-policy");
        };
    }

    private static boolean named(List<String> names, Fields fields, int field) {
        for (int i = 0; i < names.size(); i++) {
            if (RequestRules.named(fields, field, names.get(i))) {
                return true;
            }
        }
        return false;
    }

    private void line(Fields from, int i) {
        out.put(from.bytes(), from.nameStart(i), from.nameEnd(i)).put(COLON).put(from.bytes(), from.valueStart(i), from.valueEnd(i)).put(CRLF);
    }

    private void date(long millis) {
        HttpDate.write(millis, out.put(DATE));
        out.put(CRLF);
    }

    /** The stored lines, those of a newer response in place of the ones of the same name. */
    byte[] merged(StoredHead stored, ResponseHead newer, ResponseRules rules, CacheRules.Cookies cookies, long receivedMillis) {
        byte[] update = update(newer, rules, cookies, receivedMillis);
        Fields before = read(stored.fields());
        Fields now = new Fields();
        read(now, update);
        out.clear();
        for (int i = 0; i < before.count(); i++) {
            if (!has(now, before, i)) {
                line(before, i);
            }
        }
        out.put(update, 0, update.length);
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /** What of a newer response takes part: not what the stored content depends upon, its coding, its range, its digests and its tag. */
    private byte[] update(ResponseHead newer, ResponseRules rules, CacheRules.Cookies cookies, long receivedMillis) {
        of(newer, rules, cookies, receivedMillis);
        byte[] lines = Arrays.copyOf(out.bytes(), out.length());
        Fields all = read(lines);
        out.clear();
        for (int i = 0; i < all.count(); i++) {
            switch (all.name(i)) {
                case CONTENT_ENCODING, CONTENT_RANGE, CONTENT_MD5, CONTENT_DIGEST, ETAG -> { }
                default -> line(all, i);
            }
        }
        return Arrays.copyOf(out.bytes(), out.length());
    }

    private static boolean has(Fields now, Fields before, int field) {
        for (int i = 0; i < now.count(); i++) {
            if (now.nameEnd(i) - now.nameStart(i) == before.nameEnd(field) - before.nameStart(field) && sameName(now, i, before, field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameName(Fields a, int i, Fields b, int j) {
        for (int k = 0; k < a.nameEnd(i) - a.nameStart(i); k++) {
            if (dev.banyan.http.wire.Grammar.lower(a.bytes()[a.nameStart(i) + k]) != dev.banyan.http.wire.Grammar.lower(b.bytes()[b.nameStart(j) + k])) {
                return false;
            }
        }
        return true;
    }

    /** Stored lines as fields; valid until the next call. */
    Fields read(byte[] lines) {
        return read(fields, lines);
    }

    private static Fields read(Fields into, byte[] lines) {
        byte[] whole = Arrays.copyOf(lines, lines.length + 2);
        whole[lines.length] = '\r';
        whole[lines.length + 1] = '\n';
        if (into.read(whole, 0, whole.length, Integer.MAX_VALUE) != HeadVerdict.WHOLE) {
            throw new IllegalArgumentException("stored fields that are none: " + lines.length + " bytes");
        }
        return into;
    }
}
