package dev.banyan.changes;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the messages of PostgreSQL's output plugin {@code pgoutput}, protocol version 1 (PostgreSQL's manual, "Logical Replication Message Formats").
 * Knows the tables that were described so far in its session. Owned by one thread.
 */
final class PgOutput {
    /** PostgreSQL's own limit (MaxHeapAttributeNumber). */
    private static final int MOST_COLUMNS = 1_600;
    /** Tables that may be described in one session; a publication of more would be told as a fault. */
    static final int MOST_RELATIONS = 100_000;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final Map<Integer, Relation> relations = new HashMap<>();

    /** A message that matters. */
    sealed interface Message {
        record Begin(Commit commit) implements Message {}

        /** @param end the position behind the commit's record */
        record End(long end) implements Message {}

        record Changed(List<Change> changes) implements Message {}

        /** Nothing to tell: a table's or a type's description, the origin of a change, a message of an application. */
        record Aside() implements Message {}
    }

    private static final Message ASIDE = new Message.Aside();

    /**
     * @param bytes held by the rows that are made of them
     * @param from where the message begins in them
     * @throws BadMessage when it is none
     */
    Message read(byte[] bytes, int from) {
        MessageBytes in = new MessageBytes(bytes, from);
        byte type = in.one();
        Message message = switch (type) {
            case 'B' -> begin(in);
            case 'C' -> end(in);
            case 'R' -> describe(in);
            case 'I' -> one(insert(in));
            case 'U' -> one(update(in));
            case 'D' -> one(delete(in));
            case 'T' -> truncate(in);
            case 'Y' -> type(in);
            case 'O' -> origin(in);
            case 'M' -> application(in);
            default -> throw in.bad("no message of pgoutput's protocol 1 begins with " + MessageBytes.describe(type));
        };
        in.mustEnd();
        return message;
    }

    private static Message begin(MessageBytes in) {
        long lsn = in.eight();
        Instant at = EPOCH.plus(in.eight(), ChronoUnit.MICROS);
        return new Message.Begin(new Commit(in.four() & 0xffff_ffffL, lsn, at));
    }

    private static Message end(MessageBytes in) {
        in.one(); // flags, none so far
        in.eight(); // the commit's record, as Begin had it
        long end = in.eight();
        in.eight(); // the time, as Begin had it
        return new Message.End(end);
    }

    private Message describe(MessageBytes in) {
        int id = in.four();
        String schema = in.name();
        String name = in.name();
        in.one(); // the replica identity's kind: the columns tell it
        int count = in.two();
        if (count > MOST_COLUMNS) {
            throw in.bad("a table has " + count + " columns, more than " + MOST_COLUMNS);
        }
        List<Relation.Column> columns = new ArrayList<>(Math.min(count, in.left()));
        for (int i = 0; i < count; i++) {
            boolean key = (in.one() & 1) != 0;
            columns.add(new Relation.Column(in.name(), key));
            in.eight(); // its type and the type's modifier
        }
        if (relations.size() >= MOST_RELATIONS && !relations.containsKey(id)) {
            throw in.bad("more than " + MOST_RELATIONS + " tables are described");
        }
        relations.put(id, new Relation(schema.isEmpty() ? "pg_catalog" : schema, name, columns));
        return ASIDE;
    }

    private Change insert(MessageBytes in) {
        Relation relation = relation(in);
        must(in, in.one(), 'N');
        return new Change.Inserted(relation.table(), new Row(relation, in.whole(), tuple(in, relation)));
    }

    private Change update(MessageBytes in) {
        Relation relation = relation(in);
        byte kind = in.one();
        int[] old = null;
        if (kind == 'K' || kind == 'O') {
            old = identity(relation, tuple(in, relation));
            kind = in.one();
        }
        must(in, kind, 'N');
        int[] now = tuple(in, relation);
        if (old == null) {
            return new Change.Updated(relation.table(), Map.of(), new Row(relation, in.whole(), now));
        }
        fill(now, old);
        return new Change.Updated(relation.table(), new Row(relation, in.whole(), old), new Row(relation, in.whole(), now));
    }

    private Change delete(MessageBytes in) {
        Relation relation = relation(in);
        byte kind = in.one();
        if (kind != 'K' && kind != 'O') {
            throw in.bad("an old row begins with K or O, not " + MessageBytes.describe(kind));
        }
        return new Change.Deleted(relation.table(), new Row(relation, in.whole(), identity(relation, tuple(in, relation))));
    }

    private Message truncate(MessageBytes in) {
        int count = in.four();
        in.one(); // CASCADE, RESTART IDENTITY
        if (count < 0 || count > in.left() / 4) {
            throw in.bad("a truncation of " + count + " tables has room for " + in.left() / 4);
        }
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            changes.add(new Change.Truncated(relation(in).table()));
        }
        return new Message.Changed(changes);
    }

    private static Message type(MessageBytes in) {
        in.four();
        in.name();
        in.name();
        return ASIDE;
    }

    private static Message origin(MessageBytes in) {
        in.eight();
        in.name();
        return ASIDE;
    }

    private static Message application(MessageBytes in) {
        in.one();
        in.eight();
        in.name();
        in.skip(in.four(), "an application's message");
        return ASIDE;
    }

    private Relation relation(MessageBytes in) {
        int id = in.four();
        Relation relation = relations.get(id);
        if (relation == null) {
            throw in.bad("table " + (id & 0xffff_ffffL) + " was not described before");
        }
        return relation;
    }

    /** A row: where each column begins, and its length or what stands for it. */
    private static int[] tuple(MessageBytes in, Relation relation) {
        int count = in.two();
        if (count != relation.columns()) {
            throw in.bad("a row of " + relation.table() + " has " + count + " columns, the table " + relation.columns());
        }
        int[] at = new int[2 * count];
        for (int i = 0; i < count; i++) {
            byte kind = in.one();
            switch (kind) {
                case 'n' -> at[2 * i + 1] = Row.NULL;
                case 'u' -> at[2 * i + 1] = Row.ABSENT;
                case 't' -> {
                    int length = in.four();
                    at[2 * i] = in.skip(length, "column " + (i + 1));
                    at[2 * i + 1] = length;
                }
                default -> throw in.bad("column " + (i + 1) + " is " + MessageBytes.describe(kind) + ", not NULL, unchanged or text");
            }
        }
        return at;
    }

    /** An old row has NULL where a column is not part of the replica identity: nothing is known of it. */
    private static int[] identity(Relation relation, int[] at) {
        for (int i = 0; i < relation.columns(); i++) {
            if (!relation.isKey(i)) {
                at[2 * i + 1] = Row.ABSENT;
            }
        }
        return at;
    }

    /** A large value that did not change is left out of the new row; the old one has it if it is whole. */
    private static void fill(int[] now, int[] old) {
        for (int i = 0; i < now.length; i += 2) {
            if (now[i + 1] == Row.ABSENT) {
                now[i] = old[i];
                now[i + 1] = old[i + 1];
            }
        }
    }

    private static Message one(Change change) {
        return new Message.Changed(List.of(change));
    }

    private static void must(MessageBytes in, byte kind, char wanted) {
        if (kind != wanted) {
            throw in.bad("a new row begins with " + wanted + ", not " + MessageBytes.describe(kind));
        }
    }
}
