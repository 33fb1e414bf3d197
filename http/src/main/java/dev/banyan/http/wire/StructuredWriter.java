package dev.banyan.http.wire;

import dev.banyan.http.wire.StructuredFields.Bare;
import dev.banyan.http.wire.StructuredFields.Bool;
import dev.banyan.http.wire.StructuredFields.Bytes;
import dev.banyan.http.wire.StructuredFields.Date;
import dev.banyan.http.wire.StructuredFields.Decimal;
import dev.banyan.http.wire.StructuredFields.Display;
import dev.banyan.http.wire.StructuredFields.InnerList;
import dev.banyan.http.wire.StructuredFields.Int;
import dev.banyan.http.wire.StructuredFields.Item;
import dev.banyan.http.wire.StructuredFields.Member;
import dev.banyan.http.wire.StructuredFields.Text;
import dev.banyan.http.wire.StructuredFields.Token;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes structured fields (RFC 9651 section 4.1). */
public final class StructuredWriter {
    private static final byte[] SEPARATOR = HeadBuffer.ascii(", ");

    private StructuredWriter() {}

    public static void list(List<Member> members, HeadBuffer out) {
        for (int i = 0; i < members.size(); i++) {
            out.put(SEPARATOR, 0, i == 0 ? 0 : SEPARATOR.length);
            member(members.get(i), out);
        }
    }

    /** A member that is true is its key alone. */
    public static void dictionary(Map<String, Member> members, HeadBuffer out) {
        int separator = 0;
        for (Map.Entry<String, Member> member : members.entrySet()) {
            out.put(SEPARATOR, 0, separator).text(member.getKey());
            if (member.getValue() instanceof Item(Bool(boolean value), Map<String, Bare> parameters) && value) {
                parameters(parameters, out);
            } else {
                member(member.getValue(), out.put('='));
            }
            separator = SEPARATOR.length;
        }
    }

    public static void member(Member member, HeadBuffer out) {
        switch (member) {
            case Item item -> bare(item.value(), out);
            case InnerList list -> {
                out.put('(');
                for (int i = 0; i < list.items().size(); i++) {
                    member(list.items().get(i), i == 0 ? out : out.put(' '));
                }
                out.put(')');
            }
        }
        parameters(member.parameters(), out);
    }

    private static void parameters(Map<String, Bare> parameters, HeadBuffer out) {
        parameters.forEach((key, value) -> {
            out.put(';').text(key);
            if (!(value instanceof Bool(boolean set) && set)) {
                bare(value, out.put('='));
            }
        });
    }

    public static void bare(Bare value, HeadBuffer out) {
        switch (value) {
            case Int(long number) -> out.decimal(number);
            case Decimal(BigDecimal number) -> out.text(shortened(number));
            case Text(String text) -> string(text, out);
            case Token(String token) -> out.text(token);
            case Bytes(String base64) -> out.put(':').text(base64).put(':');
            case Bool(boolean set) -> out.put('?').put(set ? '1' : '0');
            case Date(long seconds) -> out.put('@').decimal(seconds);
            case Display(String text) -> display(text, out);
        }
    }

    /** Without zeros at its end, but for one behind the point (section 4.1.5). */
    private static String shortened(BigDecimal number) {
        BigDecimal bare = number.stripTrailingZeros();
        return (bare.scale() < 1 ? bare.setScale(1) : bare).toPlainString();
    }

    /** A text as a string in quotes. */
    public static void string(String text, HeadBuffer out) {
        out.put('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.put('\\');
            }
            out.put(c);
        }
        out.put('"');
    }

    private static void display(String text, HeadBuffer out) {
        out.put('%').put('"');
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b == '%' || b == '"' || b < 0x20 || b == 0x7f) {
                out.put('%').put(Character.forDigit((b >> 4) & 15, 16)).put(Character.forDigit(b & 15, 16));
            } else {
                out.put((char) b);
            }
        }
        out.put('"');
    }
}
