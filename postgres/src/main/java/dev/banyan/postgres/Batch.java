package dev.banyan.postgres;

import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;
import dev.banyan.postgres.wire.Fields;
import io.netty.buffer.ByteBuf;

/**
 * What a client asks for next, looked at before any of it is sent anywhere: a simple query, or extended-query messages up to their Sync, which
 * have to go to one server. Reused for one look after the other; owned by one asker.
 */
final class Batch {
    /** Longer ones go to the primary without having been looked at whole. */
    static final int MOST_BYTES = 64 << 10;
    private static final int HEADER = 5;

    private boolean complete;
    private boolean readsOnly;
    private boolean transactionTime;
    private boolean cursor;
    private boolean beginsFirst;
    private int statements;
    private int end;
    private Statement first;
    private Statement begin;
    /** The unnamed statement that it prepares itself. */
    private Prepared parsedUnnamed;

    /** Whether its end has been received. */
    boolean complete() {
        return complete;
    }

    /** Behind its last message. */
    int end() {
        return end;
    }

    /** It is proved that every statement in it reads only; a BEGIN before them counts as one that does. */
    boolean readsOnly() {
        return readsOnly;
    }

    boolean transactionTime() {
        return transactionTime;
    }

    /** It leaves a cursor or a portal open. */
    boolean cursor() {
        return cursor;
    }

    /** It is a BEGIN and what follows. */
    boolean begins() {
        return beginsFirst;
    }

    /** That BEGIN; null when there is none. */
    Statement begin() {
        return begin;
    }

    /** How many statements it runs or prepares. */
    int statements() {
        return statements;
    }

    /** The first of its statements that is not a BEGIN; null when it has none. */
    Statement first() {
        return first;
    }

    /** A simple query. */
    Batch simple(Statement statement, int endOfMessage) {
        clear();
        complete = true;
        end = endOfMessage;
        add(statement);
        return this;
    }

    /** Extended-query messages that begin at {@code from}. */
    Batch extended(ByteBuf in, int from, ExtendedQuery asker) {
        clear();
        int at = from;
        Prepared unnamed = asker.unnamed();
        parsedUnnamed = null;
        while (in.writerIndex() - at >= HEADER) {
            byte type = in.getByte(at);
            int length = in.getInt(at + 1);
            if (length < HEADER - 1 || length > ClientInput.most(type)) {
                return endsAt(at); // no message: there is nothing to wait for
            }
            long next = at + 1L + length;
            if (next > in.writerIndex()) {
                break;
            }
            int body = at + HEADER;
            int bodyEnd = (int) next;
            switch (type) {
                case 'P' -> {
                    if (asker.isUnread(bodyEnd - at)) {
                        readsOnly = false;
                        complete = true;
                        end = bodyEnd;
                        return this;
                    }
                    Prepared prepared = asker.prepare(in, body, bodyEnd);
                    parsedUnnamed = in.getByte(body) == 0 ? prepared : parsedUnnamed;
                    unnamed = in.getByte(body) == 0 ? prepared : unnamed;
                    add(prepared.statement());
                }
                case 'B' -> {
                    int portalEnd = Fields.zero(in, body, bodyEnd);
                    int nameEnd = portalEnd < 0 ? -1 : Fields.zero(in, portalEnd + 1, bodyEnd);
                    bound(in, portalEnd, nameEnd, asker, unnamed);
                }
                case 'E' -> cursor |= bodyEnd >= body + HEADER && in.getInt(bodyEnd - 4) != 0;
                case 'D', 'C' -> { /* they only ask */ }
                case 'S' -> {
                    complete = true;
                    end = bodyEnd;
                    return this;
                }
                // What comes behind a Flush belongs to the same transaction and is not known yet.
                default -> {
                    return endsAt(bodyEnd);
                }
            }
            at = bodyEnd;
        }
        end = at;
        return this;
    }

    private Batch endsAt(int at) {
        readsOnly = false;
        complete = true;
        end = at;
        return this;
    }

    private void bound(ByteBuf in, int portalEnd, int nameEnd, ExtendedQuery asker, Prepared unnamed) {
        if (nameEnd < 0) {
            readsOnly = false;
            return;
        }
        Prepared prepared = nameEnd == portalEnd + 1 ? unnamed : asker.named(in, portalEnd + 1, nameEnd);
        if (prepared != null && prepared != parsedUnnamed) {
            add(prepared.statement());
        } // else: parsed in this batch, and counted there; or unknown, and then it is an error anywhere
    }

    private void clear() {
        complete = false;
        readsOnly = true;
        transactionTime = false;
        cursor = false;
        beginsFirst = false;
        statements = 0;
        first = null;
        begin = null;
    }

    private void add(Statement statement) {
        if (statement.verb() == Verb.BEGIN && (statements == 0 || beginsFirst && first == null)) {
            beginsFirst = true;
            begin = statement;
            statements++;
            return;
        }
        first = first == null ? statement : first;
        statements++;
        readsOnly &= statement.readsOnly();
        transactionTime |= statement.transactionTime();
        cursor |= statement.cursor();
    }
}
