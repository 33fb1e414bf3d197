package dev.banyan.postgres.sql;

import dev.banyan.postgres.sql.Statement.Hint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wish in <code>&#47;* banyan: replica *&#47;</code> or {@code -- banyan: primary}, before a text's first token. */
final class HintComment {
    private static final Pattern WISH = Pattern.compile("(?:/\\*|--)\\s*+banyan\\s*+:\\s*+(primary|replica)\\s*+(?:\\*/|\\R|$)", Pattern.CASE_INSENSITIVE);
    /** A hint stands in the first bytes of a text; a long licence before it is not searched. */
    private static final int LONGEST = 1_024;
    private static final Optional<Hint> PRIMARY = Optional.of(Hint.PRIMARY);
    private static final Optional<Hint> REPLICA = Optional.of(Hint.REPLICA);

    private HintComment() {}

    /** @param to where the first token begins */
    static Optional<Hint> in(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] <= ' ' && bytes[i] >= 0) {
            i++;
        }
        if (i == to || !named(bytes, i, to)) {
            return Optional.empty();
        }
        Matcher wish = WISH.matcher(new String(bytes, i, Math.min(to - i, LONGEST), StandardCharsets.ISO_8859_1));
        if (!wish.find()) {
            return Optional.empty();
        }
        return wish.group(1).equalsIgnoreCase("primary") ? PRIMARY : REPLICA;
    }

    /** A quick look for {@code b} that {@code anyan} follows, so that other comments cost nothing. */
    private static boolean named(byte[] bytes, int from, int to) {
        int last = Math.min(to, from + LONGEST) - 6;
        for (int i = from; i <= last; i++) {
            if ((bytes[i] | 0x20) == 'b' && (bytes[i + 1] | 0x20) == 'a' && (bytes[i + 2] | 0x20) == 'n' && (bytes[i + 3] | 0x20) == 'y') {
                return true;
            }
        }
        return false;
    }
}
