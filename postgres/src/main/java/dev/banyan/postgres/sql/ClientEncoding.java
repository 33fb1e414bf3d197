package dev.banyan.postgres.sql;

import java.util.Locale;
import java.util.Set;

/** Which client encodings a {@link StatementReader} can read. */
public final class ClientEncoding {
    /** Their multi-byte characters may end in an ASCII byte, a backslash or a letter for instance (manual 23.3.1: "client only"). */
    private static final Set<String> MISLEADING = Set.of("BIG5", "GB18030", "GBK", "JOHAB", "SJIS", "MSKANJI", "SHIFTJIS", "WIN932", "WINDOWS932", "WIN936", "WINDOWS936", "WIN949", "WINDOWS949", "WIN950", "WINDOWS950", "UHC", "SHIFTJIS2004");

    private ClientEncoding() {}

    /** Whether each ASCII byte of a text in this encoding is that character; a text in another one is not to be read. */
    public static boolean containsAscii(String clientEncoding) {
        return !MISLEADING.contains(clientEncoding.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", ""));
    }
}
