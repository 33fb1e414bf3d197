package dev.banyan.http.wire;

import dev.banyan.http.wire.StructuredFields.Bool;
import dev.banyan.http.wire.StructuredFields.Int;
import dev.banyan.http.wire.StructuredFields.Item;
import dev.banyan.http.wire.StructuredFields.Member;
import dev.banyan.http.wire.StructuredFields.Text;
import dev.banyan.http.wire.StructuredFields.Token;
import java.util.Map;
import java.util.Optional;

/**
 * Directives for caches of one kind alone, which count in place of {@code Cache-Control} and {@code Expires} (RFC 9213): {@code CDN-Cache-Control}, a
 * structured dictionary, and the older {@code Surrogate-Control} (Edge Architecture Specification, W3C Note of 2001), in {@code Cache-Control}'s grammar.
 */
public final class TargetedCacheControl {
    /** What an origin that aims {@code Surrogate-Control} at this cache calls it, {@code max-age=60;banyan}. */
    public static final String DEVICE = "banyan";
    /** What the cache tells an origin that it understands. */
    public static final FieldLine CAPABILITY = new FieldLine("Surrogate-Capability", DEVICE + "=\"Surrogate/1.0\"");

    private TargetedCacheControl() {}

    /**
     * Reads a structured one; a field that is empty or not in its grammar is as if it were not there (RFC 9213 section 2.1).
     *
     * @param into cleared first
     * @return whether it counts
     */
    public static boolean read(Fields fields, FieldName name, CacheControl into) {
        into.clear();
        HeadBuffer value = new HeadBuffer();
        if (fields.find(name) < 0 || !StructuredFields.joined(fields, name, value)) {
            return false;
        }
        Optional<Map<String, Member>> members = StructuredFields.dictionary(value.bytes(), 0, value.length());
        if (members.isEmpty() || members.get().isEmpty()) {
            return false;
        }
        members.get().forEach((key, member) -> into.put(key, plain(member)));
        return true;
    }

    /** A Long, a Boolean or a String; parameters do not count. Of any other type an object that no directive takes. */
    private static Object plain(Member member) {
        return member instanceof Item item ? switch (item.value()) {
            case Int(long number) -> (Object) number;
            case Bool(boolean set) -> set;
            case Text(String text) -> text;
            case Token(String token) -> token;
            default -> item;
        } : member;
    }

    /**
     * Reads {@code Surrogate-Control}: {@code max-age}, with how long it may be used stale behind a {@code +}, and {@code no-store}. A directive that is
     * aimed at another device is passed over; with none that is aimed here or at nobody the field does not count.
     *
     * @param into cleared first
     * @return whether it counts
     */
    public static boolean readSurrogate(Fields fields, CacheControl into) {
        into.clear();
        if (fields.find(FieldName.SURROGATE_CONTROL) < 0) {
            return false;
        }
        boolean counts = false;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.SURROGATE_CONTROL) {
                for (String directive : fields.value(i).split(",")) {
                    counts |= readDirective(directive.strip(), into);
                }
            }
        }
        return counts;
    }

    private static boolean readDirective(String directive, CacheControl into) {
        int semicolon = directive.indexOf(';');
        if (semicolon >= 0 && !directive.substring(semicolon + 1).strip().equalsIgnoreCase(DEVICE)) {
            return false;
        }
        String bare = semicolon < 0 ? directive : directive.substring(0, semicolon).strip();
        int plus = bare.indexOf('+');
        boolean extended = plus > 0 && bare.regionMatches(true, 0, "max-age=", 0, 8);
        boolean remote = bare.equalsIgnoreCase("no-store-remote");
        String read = extended ? bare.substring(0, plus) + ", stale-while-revalidate=" + bare.substring(plus + 1) : remote ? "no-store" : bare;
        byte[] bytes = HeadBuffer.ascii(read);
        into.read(bytes, 0, bytes.length);
        return into.maxAge() != CacheControl.NONE || into.noStore();
    }
}
