package dev.banyan.postgres.wire;

import dev.banyan.postgres.wire.PostgresError.Severity;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads a server's ErrorResponse. */
final class ServerError {
    private ServerError() {}

    /** @param fields the message behind its length; what is missing or malformed is left out */
    static PostgresError read(ByteBuf fields) {
        Map<Character, String> by = new HashMap<>();
        while (fields.isReadable()) {
            char code = (char) fields.readUnsignedByte();
            int length = fields.bytesBefore((byte) 0);
            if (code == 0 || length < 0) {
                break;
            }
            by.put(code, fields.readCharSequence(length, StandardCharsets.UTF_8).toString());
            fields.skipBytes(1);
        }
        // V is the severity untranslated; servers before 9.6 have S alone.
        boolean error = "ERROR".equals(by.getOrDefault('V', by.get('S')));
        String state = by.getOrDefault('C', "");
        return new PostgresError(
                error ? Severity.ERROR : Severity.FATAL, state.length() == 5 ? state : Refusal.INTERNAL.state(), by.getOrDefault('M', "an error without a message"),
                by.getOrDefault('D', ""), by.getOrDefault('H', ""));
    }
}
