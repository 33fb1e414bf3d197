package dev.banyan.engines;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** How {@link Standing} is asked for, and read from what came. */
final class StandingQuery {
    /**
     * The log received is where the receiver is or where replay is, whichever is further: a receiver that has just started has begun again at
     * the beginning of a segment. The timeline is the highest that a segment is named by: what else would tell it is empty while no
     * receiver runs, or as old as the last checkpoint. Where a receiver was ever asked for since the start, if only to find no primary, there is a
     * position, and all of the log on the standby's own disk had been replayed before (src/backend/replication/walreceiverfuncs.c, RequestXLogStreaming).
     */
    static final String SQL = """
            SELECT pg_is_in_recovery(),
                CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) ELSE pg_current_wal_flush_lsn() END,
                CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END,
                (SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'),
                (SELECT sender_port FROM pg_stat_wal_receiver),
                (SELECT status = 'streaming' FROM pg_stat_wal_receiver),
                NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() IS NOT NULL;
            SELECT application_name, state, flush_lsn, replay_lsn, sync_state IN ('sync', 'quorum')
                FROM pg_stat_replication WHERE application_name ~ '^db-[0-9]+$' AND state <> 'backup';
            SELECT slot_name, active, coalesce(wal_status = 'lost', false) FROM pg_replication_slots WHERE slot_type = 'physical' AND slot_name ~ '^db_[0-9]+$'""";

    static final String FOLLOWS = "follows ";
    private static final Pattern STREAMS = Pattern.compile("started streaming WAL from primary|^banyan: " + FOLLOWS);
    /** PostgreSQL's words when it cannot go on: src/backend/access/transam/xlogrecovery.c and replication/walreceiver.c, walsender.c, slot.c. */
    private static final Pattern STRANDED = Pattern.compile("requested WAL segment \\w+ has already been removed"
            + "|can no longer (?:get changes from|access) replication slot \"\\w+\""
            + "|new timeline \\d+ forked off current database system timeline \\d+ before current recovery point [0-9A-F/]+"
            + "|requested timeline \\d+ is not a child of this server's history");

    private StandingQuery() {}

    /** Reads the answers, with the server's last log lines, oldest first. */
    static Standing read(List<PostgresSession.Answer> answers, List<String> lines) {
        List<String> own = answers.get(0).rows().getFirst();
        boolean inRecovery = own.get(0).equals("t");
        return new Standing(
                inRecovery,
                own.get(3).isEmpty() ? 0 : Long.parseLong(own.get(3), 16),
                WalPosition.parse(own.get(1)),
                WalPosition.parse(own.get(2)),
                own.get(4).isEmpty() ? Optional.empty() : Optional.of(new Standing.Receiving(Integer.parseInt(own.get(4)), own.get(5).equals("t"))),
                answers.get(1).rows().stream().map(StandingQuery::streaming).toList(),
                answers.get(2).rows().stream().map(StandingQuery::slot).toList(),
                own.get(6).equals("t"),
                inRecovery ? stranded(lines) : Optional.empty());
    }

    private static Standing.Streaming streaming(List<String> row) {
        return new Standing.Streaming(row.get(0), row.get(1), WalPosition.parse(row.get(2)), WalPosition.parse(row.get(3)), row.get(4).equals("t"));
    }

    private static Standing.Slot slot(List<String> row) {
        return new Standing.Slot(Replication.server(row.get(0)).orElseThrow(), row.get(1).equals("t"), row.get(2).equals("t"));
    }

    /** The last word counts: one that streams after it, or was given another primary, is not stranded. */
    static Optional<String> stranded(List<String> lines) {
        OptionalInt streams = last(lines, STREAMS);
        OptionalInt stranded = last(lines, STRANDED);
        if (stranded.isEmpty() || streams.isPresent() && streams.getAsInt() > stranded.getAsInt()) {
            return Optional.empty();
        }
        return STRANDED.matcher(lines.get(stranded.getAsInt())).results().map(found -> found.group()).findFirst();
    }

    private static OptionalInt last(List<String> lines, Pattern pattern) {
        return IntStream.range(0, lines.size()).map(i -> lines.size() - 1 - i).filter(i -> pattern.matcher(lines.get(i)).find()).findFirst();
    }
}
