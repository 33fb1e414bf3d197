package dev.banyan.cache.journal;

import dev.banyan.cache.journal.PendingRows.RowWork;
import dev.banyan.cache.journal.RowStatements.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A PostgreSQL's primary. What a stretch of the journal does and how far the journal is are one transaction; the row that tells the latter is locked
 * first, so that two appliers wait for each other, and one whose transaction's end is unknown waits for that end. Owned by one thread, but for closing.
 */
final class PostgresTarget implements Target {
    /**
     * Limits, so that a lock or a server that does not answer is told as a failure and tried again, and so that a session whose client vanished in the
     * middle does not keep its locks; and a commit is on disk whatever the user's default is.
     */
    private static final String BEGIN = """
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
            SET LOCAL lock_timeout = '10s';
            SET LOCAL statement_timeout = '60s';
            SET LOCAL idle_in_transaction_session_timeout = '60s';
            SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'""";
    private static final String CLAIM = """
            INSERT INTO banyan.journal AS j (id, applied, epoch, owner) VALUES (?, 0, 1, ?)
            ON CONFLICT (id) DO UPDATE SET epoch = j.epoch + 1, owner = EXCLUDED.owner RETURNING applied, epoch""";
    private static final String STANDING = "SELECT applied, epoch, owner, coalesce(xid, 0) FROM banyan.journal WHERE id = ? FOR UPDATE";
    private static final String LOWER = "UPDATE banyan.journal SET applied = ? WHERE id = ? AND epoch = ?";
    private static final String ADVANCE = """
            UPDATE banyan.journal SET applied = ?, xid = pg_current_xact_id()::text::bigint, applied_at = clock_timestamp(), waiting = ?, oldest = ?
            WHERE id = ? RETURNING xid""";

    private final Primary primary;
    private final String owner;
    private final RowStatements statements = new RowStatements();
    private volatile Connection connection;
    private volatile boolean closed;
    private long epoch;

    /** @param owner told to another one that finds this one's claim */
    PostgresTarget(Primary primary, String owner) {
        this.primary = primary;
        this.owner = owner;
    }

    private record Standing(long applied, long epoch, String owner, long xid) {}

    @FunctionalInterface
    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    @Override
    public long claim(UUID journal) throws SQLException {
        return transaction(connection -> {
            begin(connection);
            try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
                claim.setObject(1, journal);
                claim.setString(2, owner);
                try (ResultSet row = claim.executeQuery()) {
                    row.next();
                    long applied = row.getLong(1);
                    long claimed = row.getLong(2);
                    connection.commit();
                    epoch = claimed;
                    return applied;
                }
            }
        });
    }

    @Override
    public void lower(UUID journal, long applied) throws SQLException {
        transaction(connection -> {
            begin(connection);
            try (PreparedStatement lower = connection.prepareStatement(LOWER)) {
                lower.setLong(1, applied);
                lower.setObject(2, journal);
                lower.setLong(3, epoch);
                if (lower.executeUpdate() != 1) {
                    throw new SQLException("banyan.journal has no row of this journal that is ours", "40001");
                }
                connection.commit();
                return null;
            }
        });
    }

    @Override
    public Outcome apply(Stretch stretch) throws SQLException {
        return transaction(connection -> {
            try {
                return attempt(connection, stretch, false);
            } catch (Refusal refused) {
                connection.rollback();
                statements.forget();
            }
            try {
                return attempt(connection, stretch, true);
            } catch (Refusal impossible) {
                throw impossible.getCause();
            }
        });
    }

    /** @param carefully row by row where it must be; otherwise all together, and a row that is at fault is a refusal */
    private Outcome attempt(Connection connection, Stretch stretch, boolean carefully) throws SQLException, Refusal {
        begin(connection);
        Optional<Standing> found = standing(connection, stretch.journal());
        if (found.isEmpty()) {
            connection.rollback();
            claim(stretch.journal()); // the database is from before the journal's time
            return new Outcome.Behind(0);
        }
        Standing standing = found.get();
        if (standing.epoch != epoch) {
            connection.rollback();
            return new Outcome.Fenced(standing.owner);
        }
        if (standing.applied >= stretch.upTo()) {
            connection.rollback();
            return new Outcome.Done(standing.xid, List.of());
        }
        if (standing.applied != stretch.after()) {
            connection.rollback();
            return new Outcome.Behind(standing.applied);
        }
        List<DeadLetter> dead = new ArrayList<>();
        if (carefully) {
            dead.addAll(writeCarefully(connection, stretch));
        } else {
            statements.write(connection, stretch.rows());
        }
        long xid = advance(connection, stretch);
        commit(connection, carefully);
        return new Outcome.Done(xid, dead.stream().map(letter -> new Refused(letter.work().row(), SqlFailure.state(letter.failure()))).toList());
    }

    private static void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
        }
    }

    private static Optional<Standing> standing(Connection connection, UUID journal) throws SQLException {
        try (PreparedStatement question = connection.prepareStatement(STANDING)) {
            question.setObject(1, journal);
            try (ResultSet row = question.executeQuery()) {
                return row.next() ? Optional.of(new Standing(row.getLong(1), row.getLong(2), row.getString(3), row.getLong(4))) : Optional.empty();
            }
        }
    }

    private static long advance(Connection connection, Stretch stretch) throws SQLException {
        try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
            advance.setLong(1, stretch.upTo());
            advance.setLong(2, stretch.left());
            advance.setTimestamp(3, stretch.oldest().map(Timestamp::from).orElse(null));
            advance.setObject(4, stretch.journal());
            try (ResultSet row = advance.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Deferred constraints are checked here: for want of the row that is at fault, the whole is tried again carefully. */
    private static void commit(Connection connection, boolean carefully) throws SQLException, Refusal {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (!carefully && SqlFailure.state(e).startsWith("23")) {
                throw new Refusal(e);
            }
            throw e;
        }
    }

    private record Failed(RowWork work, SQLException why) {}

    /**
     * Halves what fails until the rows at fault are alone. These are tried once more when all others are written, in the order they came in: what they
     * refer to may be there now. What fails then too goes to the dead letters.
     */
    private List<DeadLetter> writeCarefully(Connection connection, Stretch stretch) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        List<Failed> failed = new ArrayList<>();
        halve(connection, stretch.rows(), failed);
        failed.sort(Comparator.comparingLong(one -> one.work.last()));
        List<DeadLetter> dead = new ArrayList<>();
        for (Failed one : failed) {
            tryWrite(connection, List.of(one.work)).ifPresent(why -> dead.add(new DeadLetter(stretch.journal(), one.work, why)));
        }
        DeadLetter.keep(connection, dead);
        return dead;
    }

    private void halve(Connection connection, List<RowWork> rows, List<Failed> failed) throws SQLException {
        Optional<SQLException> why = tryWrite(connection, rows);
        if (why.isPresent() && rows.size() == 1) {
            failed.add(new Failed(rows.getFirst(), why.get()));
        } else if (why.isPresent()) {
            halve(connection, rows.subList(0, rows.size() / 2), failed);
            halve(connection, rows.subList(rows.size() / 2, rows.size()), failed);
        }
    }

    /** What refused them; empty when they are written. */
    private Optional<SQLException> tryWrite(Connection connection, List<RowWork> rows) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            statements.write(connection, rows);
            connection.releaseSavepoint(before);
            return Optional.empty();
        } catch (Refusal refused) {
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return Optional.of(refused.getCause());
        }
    }

    /** On a connection that is left outside a transaction, or closed. */
    private <T> T transaction(Work<T> work) throws SQLException {
        Connection now = connected();
        try {
            return work.in(now);
        } catch (SQLException | RuntimeException e) {
            disconnect();
            throw e;
        }
    }

    private Connection connected() throws SQLException {
        if (closed) {
            throw new SQLException("the journal is closed", "08003");
        }
        if (connection == null) {
            Connection fresh = primary.connect();
            connection = fresh;
            try {
                fresh.setAutoCommit(false);
                JournalTables.make(fresh);
            } catch (SQLException e) {
                disconnect();
                throw e;
            }
            statements.forget();
        }
        return connection;
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                // It is not used any more.
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Connection now = connection;
        if (now != null) {
            try {
                now.abort(Runnable::run);
            } catch (SQLException e) {
                // It is not used any more.
            }
        }
    }
}
