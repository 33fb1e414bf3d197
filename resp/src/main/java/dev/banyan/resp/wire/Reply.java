package dev.banyan.resp.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A value of the protocol, whole. For what the router itself asks and answers; what is passed on is never made into one. */
public sealed interface Reply {
    Reply OK = new Simple("OK");
    Reply NULL = new Null();

    /** {@code +OK}: without CR and LF. */
    record Simple(String text) implements Reply {}

    /** {@code -ERR what}: the code first; without CR and LF. */
    record Failure(String text) implements Reply {}

    record Number(long value) implements Reply {}

    /** A string of bytes; the array is not copied. */
    record Bulk(byte[] bytes) implements Reply {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** {@code _} of version 3; {@code $-1} and {@code *-1} of version 2. */
    record Null() implements Reply {}

    record Array(List<Reply> items) implements Reply {}

    /** A map of version 3, keys and values in turn; an array of them in version 2. */
    record Pairs(List<Reply> items) implements Reply {}

    /** A set of version 3; an array in version 2. */
    record Members(List<Reply> items) implements Reply {}

    /** A push of version 3. */
    record Push(List<Reply> items) implements Reply {}

    /** A double of version 3, as it is written; a bulk string in version 2. */
    record Real(String text) implements Reply {}

    record Truth(boolean value) implements Reply {}

    /** A big number of version 3, as it is written. */
    record BigNumber(String text) implements Reply {}

    /** A verbatim string of version 3: {@code txt} or {@code mkd}, and the text. */
    record Verbatim(String format, byte[] bytes) implements Reply {}

    static Reply bulk(String text) {
        return new Bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply failure(String text) {
        return new Failure(text);
    }
}
