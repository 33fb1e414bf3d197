package dev.banyan.cli;

import dev.banyan.console.Explanation;
import dev.banyan.postgres.Cluster;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.DatabaseRouter.From;
import dev.banyan.topology.DatabaseRouter.Mode;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which way the router sends a statement, in words: what it is, who gets it, and why.
 *
 * @param catalogue what is known of the application's own functions
 * @param cluster empty when the site does not run
 */
record StatementWay(DatabaseRouter router, Catalogue catalogue, Optional<Cluster> cluster) {
    private static final int ONE = 1;

    /** Of a new session's statement outside a transaction. */
    Explanation explain(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        if (text.length > router.statement().bytes()) {
            return new Explanation("may write", primary(), "it has " + text.length + " bytes, and statements of more than " + router.statement()
                    + " (database.router.statement) are not read", List.of("its session keeps a connection of its own: " + words(Pin.UNREAD)));
        }
        Statement read = new CachedStatementReader(() -> catalogue, ONE, 0).read(Unpooled.wrappedBuffer(text), 0, text.length, true);
        List<String> effects = Stream.of(Pin.values()).filter(pin -> (read.pins() & pin.bit()) != 0).map(pin -> "its session keeps a connection of its own: " + words(pin)).toList();
        return new Explanation(kind(read), servers(read), why(read), effects);
    }

    private static String kind(Statement read) {
        return switch (read.verb()) {
            case EMPTY -> "does nothing";
            case BEGIN, COMMIT, ROLLBACK, SAVEPOINT, TWO_PHASE -> "controls a transaction";
            case SET, RESET, DISCARD_ALL, DEALLOCATE -> "changes its session";
            case QUERY, SHOW, COPY, OTHER -> read.readsOnly() ? "reads only" : "may write";
        };
    }

    private List<String> servers(Statement read) {
        if (!mayReadAtReplica(read) || replicas().isEmpty()) {
            return primary();
        }
        List<String> all = new ArrayList<>(replicas());
        all.addAll(primary());
        return all;
    }

    private boolean mayReadAtReplica(Statement read) {
        return read.readsOnly() && router.reads().from() == From.REPLICAS && router.mode() == Mode.TRANSACTION && !read.hint().equals(Optional.of(Statement.Hint.PRIMARY));
    }

    private String why(Statement read) {
        if (!read.readsOnly()) {
            return read.whyNot().isEmpty() ? "it is not proved that it only reads" : read.whyNot();
        }
        if (read.hint().equals(Optional.of(Statement.Hint.PRIMARY))) {
            return "it only reads, but its comment asks for the primary";
        }
        if (router.reads().from() == From.PRIMARY) {
            return "it only reads, but database.router.reads.from is primary";
        }
        if (router.mode() == Mode.SESSION) {
            return "it only reads, but database.router.mode is session: a session keeps its connection to the primary";
        }
        if (cluster.isPresent() && replicas().isEmpty()) {
            return "nothing in it writes, locks or has another effect; the primary answers it, for there is no replica";
        }
        return "nothing in it writes, locks or has another effect: a replica answers it that " + switch (router.reads().consistency()) {
            case READ_YOUR_WRITES -> "has all that its session has written and seen, else the primary";
            case BOUNDED_STALENESS -> "is behind by less than the bound, else the primary";
            case EVENTUAL -> "is healthy, however far behind";
        };
    }

    private List<String> primary() {
        return cluster.flatMap(Cluster::primary).map(Member::name).stream().toList();
    }

    private List<String> replicas() {
        return cluster.map(Cluster::replicas).orElse(List.of()).stream().map(Member::name).toList();
    }

    /** {@code TEMPORARY_TABLE} is "temporary table". */
    private static String words(Pin pin) {
        return String.join(" ", Arrays.asList(pin.name().toLowerCase(Locale.ROOT).split("_")));
    }
}
