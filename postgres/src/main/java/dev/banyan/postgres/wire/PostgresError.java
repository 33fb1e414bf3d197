package dev.banyan.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * An error or notice that the router itself sends.
 *
 * @param severity ERROR ends the statement, FATAL the connection
 * @param state the SQLSTATE, five characters (PostgreSQL's manual, appendix A)
 * @param detail may be empty
 * @param hint may be empty
 */
public record PostgresError(Severity severity, String state, String message, String detail, String hint) {
    public enum Severity {
        NOTICE,
        WARNING,
        ERROR,
        FATAL
    }

    public static PostgresError error(String state, String message) {
        return new PostgresError(Severity.ERROR, state, message, "", "");
    }

    public static PostgresError fatal(String state, String message) {
        return new PostgresError(Severity.FATAL, state, message, "", "");
    }

    /** Appends the whole message: ErrorResponse, or NoticeResponse for a notice or warning. */
    public void writeTo(ByteBuf out) {
        boolean notice = severity == Severity.NOTICE || severity == Severity.WARNING;
        out.writeByte(notice ? 'N' : 'E');
        int start = out.writerIndex();
        out.writeInt(0);
        field(out, 'S', severity.name());
        field(out, 'V', severity.name());
        field(out, 'C', state);
        field(out, 'M', message);
        if (!detail.isEmpty()) {
            field(out, 'D', detail);
        }
        if (!hint.isEmpty()) {
            field(out, 'H', hint);
        }
        out.writeByte(0);
        out.setInt(start, out.writerIndex() - start);
    }

    private static void field(ByteBuf out, char code, String text) {
        out.writeByte(code);
        out.writeCharSequence(text.replace('\0', ' '), StandardCharsets.UTF_8);
        out.writeByte(0);
    }
}
