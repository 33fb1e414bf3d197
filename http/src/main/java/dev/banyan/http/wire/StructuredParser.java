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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses one structured field (RFC 9651 section 4.2); each method reads what its section says and leaves {@link #at} behind it. For one use. */
final class StructuredParser {
    private final byte[] bytes;
    private final int to;
    private int at;

    StructuredParser(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
    }

    /** It is not in the grammar. Without a stack: it is an expected answer that never leaves this class. */
    private static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final Unfit IT = new Unfit();

        private Unfit() {
            super("no structured field", null, false, false);
        }
    }

    @FunctionalInterface
    private interface Part<T> {
        T read();
    }

    /** Section 4.2: blanks at both ends are passed over, and nothing else may be left. */
    private <T> Optional<T> whole(Part<T> part) {
        try {
            blanks();
            T read = part.read();
            blanks();
            return at == to ? Optional.of(read) : Optional.empty();
        } catch (Unfit e) {
            return Optional.empty();
        }
    }

    Optional<Item> item() {
        return whole(this::readItem);
    }

    Optional<List<Member>> list() {
        return whole(() -> {
            List<Member> members = new ArrayList<>();
            while (at < to) {
                require(members.size() < StructuredFields.MOST_MEMBERS);
                members.add(readMember());
                if (!another()) {
                    break;
                }
            }
            return members;
        });
    }

    Optional<Map<String, Member>> dictionary() {
        return whole(() -> {
            Map<String, Member> members = new LinkedHashMap<>();
            while (at < to) {
                String key = readKey();
                if (is('=')) {
                    at++;
                    members.put(key, readMember());
                } else {
                    members.put(key, new Item(new Bool(true), readParameters()));
                }
                require(members.size() <= StructuredFields.MOST_MEMBERS);
                if (!another()) {
                    break;
                }
            }
            return members;
        });
    }

    /** Passes over a comma and the blanks around it; false at the end. A comma behind which nothing comes is a fault. */
    private boolean another() {
        optionalBlanks();
        if (at == to) {
            return false;
        }
        require(is(','));
        at++;
        optionalBlanks();
        require(at < to);
        return true;
    }

    private Member readMember() {
        return is('(') ? readInnerList() : readItem();
    }

    private InnerList readInnerList() {
        at++;
        List<Item> items = new ArrayList<>();
        while (true) {
            blanks();
            if (is(')')) {
                at++;
                return new InnerList(items, readParameters());
            }
            require(items.size() < StructuredFields.MOST_ITEMS);
            items.add(readItem());
            require(is(' ') || is(')'));
        }
    }

    private Item readItem() {
        return new Item(readBare(), readParameters());
    }

    private Map<String, Bare> readParameters() {
        if (!is(';')) {
            return Map.of();
        }
        Map<String, Bare> parameters = new LinkedHashMap<>();
        while (is(';')) {
            at++;
            blanks();
            String key = readKey();
            Bare value = new Bool(true);
            if (is('=')) {
                at++;
                value = readBare();
            }
            parameters.put(key, value);
            require(parameters.size() <= StructuredFields.MOST_PARAMETERS);
        }
        return parameters;
    }

    private String readKey() {
        int from = at;
        require(at < to && keyStart(bytes[at]));
        while (at < to && keyByte(bytes[at])) {
            at++;
        }
        return text(from, at);
    }

    private Bare readBare() {
        require(at < to);
        byte b = bytes[at];
        if (b == '-' || Grammar.digit(b)) {
            return readNumber();
        }
        return switch (b) {
            case '"' -> readString();
            case ':' -> readBytes();
            case '?' -> readBool();
            case '@' -> readDate();
            case '%' -> readDisplay();
            default -> readToken();
        };
    }

    private Bare readNumber() {
        int from = at;
        if (is('-')) {
            at++;
        }
        int digits = at;
        digits();
        int whole = at - digits;
        require(whole > 0);
        if (!is('.')) {
            require(whole <= 15);
            return new Int(Long.parseLong(text(from, at)));
        }
        at++;
        int fraction = at;
        digits();
        require(whole <= 12 && at - fraction >= 1 && at - fraction <= 3);
        return new Decimal(new BigDecimal(text(from, at)));
    }

    private void digits() {
        while (at < to && Grammar.digit(bytes[at])) {
            at++;
        }
    }

    private Text readString() {
        at++;
        StringBuilder text = new StringBuilder();
        while (true) {
            require(at < to);
            byte b = bytes[at++];
            if (b == '"') {
                return new Text(text.toString());
            }
            if (b == '\\') {
                require(at < to && (bytes[at] == '"' || bytes[at] == '\\'));
                b = bytes[at++];
            }
            require(b >= 0x20 && b < 0x7f);
            text.append((char) b);
        }
    }

    private Token readToken() {
        int from = at;
        require(tokenStart(bytes[at]));
        while (at < to && tokenByte(bytes[at])) {
            at++;
        }
        return new Token(text(from, at));
    }

    private Bytes readBytes() {
        int from = ++at;
        while (at < to && bytes[at] != ':') {
            at++;
        }
        require(at < to);
        String base64 = text(from, at++);
        return Bytes.of(decoded(base64).orElseThrow(() -> Unfit.IT));
    }

    private Bool readBool() {
        at++;
        require(is('0') || is('1'));
        return new Bool(bytes[at++] == '1');
    }

    private Date readDate() {
        at++;
        require(at < to && (bytes[at] == '-' || Grammar.digit(bytes[at])));
        return readNumber() instanceof Int seconds ? new Date(seconds.value()) : unfit();
    }

    private Display readDisplay() {
        at++;
        require(is('"'));
        at++;
        ByteBuffer utf8 = ByteBuffer.allocate(to - at);
        while (true) {
            require(at < to);
            byte b = bytes[at++];
            if (b == '"') {
                return display(utf8.flip());
            }
            require(b >= 0x20 && b < 0x7f);
            utf8.put(b == '%' ? escaped() : b);
        }
    }

    private byte escaped() {
        require(at + 1 < to && lowerHex(bytes[at]) && lowerHex(bytes[at + 1]));
        int value = Grammar.hex(bytes[at]) << 4 | Grammar.hex(bytes[at + 1]);
        at += 2;
        return (byte) value;
    }

    private static boolean lowerHex(byte b) {
        return Grammar.hex(b) >= 0 && !(b >= 'A' && b <= 'F');
    }

    private static Display display(ByteBuffer utf8) {
        try {
            return new Display(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
        } catch (CharacterCodingException e) {
            return unfit();
        }
    }

    /** The bytes of a base64 text. Padding may be left out and bits that do not count may be set (section 4.2.7 asks for leniency in both). */
    static Optional<byte[]> decoded(String base64) {
        int length = base64.length();
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        boolean fits = padding == 0 ? length % 4 != 1 : length % 4 == 0;
        if (!fits) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static boolean key(String key) {
        byte[] ascii = key.getBytes(StandardCharsets.ISO_8859_1);
        boolean fits = ascii.length > 0 && keyStart(ascii[0]);
        for (byte b : ascii) {
            fits &= keyByte(b);
        }
        return fits;
    }

    static boolean token(String token) {
        byte[] ascii = token.getBytes(StandardCharsets.ISO_8859_1);
        boolean fits = ascii.length > 0 && tokenStart(ascii[0]);
        for (byte b : ascii) {
            fits &= tokenByte(b);
        }
        return fits;
    }

    private static boolean keyStart(byte b) {
        return b >= 'a' && b <= 'z' || b == '*';
    }

    private static boolean keyByte(byte b) {
        return keyStart(b) || Grammar.digit(b) || b == '_' || b == '-' || b == '.';
    }

    private static boolean tokenStart(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '*';
    }

    private static boolean tokenByte(byte b) {
        return Grammar.token(b) || b == ':' || b == '/';
    }

    private boolean is(char wanted) {
        return at < to && bytes[at] == wanted;
    }

    private void blanks() {
        while (is(' ')) {
            at++;
        }
    }

    /** Blanks between members may be tabs as well. */
    private void optionalBlanks() {
        while (is(' ') || is('\t')) {
            at++;
        }
    }

    private String text(int from, int end) {
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw Unfit.IT;
        }
    }

    private static <T> T unfit() {
        throw Unfit.IT;
    }
}
