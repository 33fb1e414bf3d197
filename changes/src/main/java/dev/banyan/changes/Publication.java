package dev.banyan.changes;

import dev.banyan.topology.Decision;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes a publication be exactly of the tables wanted, each with a replica identity that tells what must be known of old rows. Asking again
 * changes nothing. Owned by one thread.
 */
final class Publication {
    private final String name;
    private final Setup setup;

    Publication(Setup setup) {
        this.name = setup.publication();
        this.setup = setup;
    }

    /**
     * What is published now.
     *
     * @param tables oid by name, of those that are published and tell what is wanted
     * @param before the part of it that was so already
     * @param problems of the others, each with the next step
     */
    record Provided(Map<String, Long> tables, Map<String, Long> before, List<String> problems) {}

    Provided provide(Sql sql) throws SQLException {
        Set<Long> there = exists(sql) ? published(sql) : create(sql);
        Map<String, Long> tables = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        Set<Long> wanted = new HashSet<>();
        for (WatchedTable table : wanted()) {
            Optional<TableFacts> facts = TableFacts.find(sql, table);
            facts.ifPresent(found -> wanted.add(found.oid()));
            Optional<String> problem = facts.isEmpty() ? Optional.of("there is no table " + table.name() + " yet: waiting for it") : publish(sql, facts.get(), table.old(), there);
            problem.ifPresent(problems::add);
            if (problem.isEmpty()) {
                tables.put(table.name(), facts.get().oid());
            }
        }
        Map<String, Long> before = new TreeMap<>(tables);
        before.values().retainAll(there);
        for (long oid : there) {
            if (!wanted.contains(oid)) {
                remove(sql, oid);
            }
        }
        return new Provided(tables, before, problems);
    }

    /** What keeps a table from being published; one must not keep the others. */
    private Optional<String> publish(Sql sql, TableFacts table, Set<String> old, Set<Long> there) throws SQLException {
        try {
            Optional<String> problem = problem(sql, table, old, there);
            if (problem.isEmpty() && !there.contains(table.oid())) {
                sql.execute("ALTER PUBLICATION " + name + " ADD TABLE ONLY " + table.quoted());
            }
            return problem;
        } catch (SQLException e) {
            if (Sql.isBroken(e)) {
                throw e;
            }
            return Optional.of(table.name() + " could not be published (" + e.getMessage() + "): tried again");
        }
    }

    /** The same table asked for twice is asked for all it is asked for. */
    private List<WatchedTable> wanted() {
        Map<String, Set<String>> old = new TreeMap<>();
        setup.tables().get().forEach(table -> old.computeIfAbsent(table.name(), _ -> new TreeSet<>()).addAll(table.old()));
        return old.entrySet().stream().map(entry -> new WatchedTable(entry.getKey(), entry.getValue())).toList();
    }

    private boolean exists(Sql sql) throws SQLException {
        record Flags(boolean all, boolean whole) {}
        List<Flags> found = sql.rows(
                row -> new Flags(row.getBoolean(1), row.getBoolean(2)),
                "select puballtables, pubinsert and pubupdate and pubdelete and pubtruncate and pubviaroot from pg_publication where pubname = ?", name);
        if (found.isEmpty()) {
            return false;
        }
        if (found.getFirst().all()) {
            throw new SQLException("publication " + name + " is FOR ALL TABLES and so none of Banyan's; run DROP PUBLICATION " + name + " if nobody needs it");
        }
        if (!found.getFirst().whole()) {
            sql.execute("ALTER PUBLICATION " + name + " SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)");
        }
        return true;
    }

    private Set<Long> create(Sql sql) throws SQLException {
        sql.execute("CREATE PUBLICATION " + name + " WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)");
        decide("publish changes as " + name, "what is committed is told from the log", "no publication " + name);
        return new HashSet<>();
    }

    /** The tables in it, whole: without a list of columns or a filter of rows, which somebody else would have set. */
    private Set<Long> published(Sql sql) throws SQLException {
        boolean filters = sql.text("select count(*) from pg_attribute where attrelid = 'pg_publication_rel'::regclass and attname = 'prqual'").equals("1");
        String ours = filters ? "prqual is null and prattrs is null" : "true";
        Set<Long> whole = new HashSet<>();
        record Entry(long oid, boolean whole) {}
        for (Entry entry : sql.rows(row -> new Entry(row.getLong(1), row.getBoolean(2)), "select prrelid::bigint, " + ours + " from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where pubname = ?", name)) {
            if (entry.whole()) {
                whole.add(entry.oid());
            } else {
                remove(sql, entry.oid());
            }
        }
        return whole;
    }

    private void remove(Sql sql, long oid) throws SQLException {
        List<String> table = sql.rows(row -> row.getString(1), "select oid::regclass::text from pg_class where oid = ?::oid", oid);
        if (!table.isEmpty()) {
            sql.execute("ALTER PUBLICATION " + name + " DROP TABLE ONLY " + table.getFirst());
        }
    }

    /** What keeps a table from being published; makes its old rows known where they are not. */
    private Optional<String> problem(Sql sql, TableFacts table, Set<String> old, Set<Long> there) throws SQLException {
        Optional<String> unfit = table.unfit(old);
        if (unfit.isPresent()) {
            return unfit;
        }
        List<TableFacts> lacking = new ArrayList<>();
        for (TableFacts one : table.tree(sql)) {
            unfit = one.unfit(old);
            if (unfit.isPresent()) {
                return unfit;
            }
            if (!one.tells(old)) {
                lacking.add(one);
            }
        }
        Optional<TableFacts> foreign = lacking.stream().filter(one -> !one.owned()).findFirst();
        if (foreign.isEmpty() && !table.owned() && !there.contains(table.oid())) {
            foreign = Optional.of(table);
        }
        if (foreign.isPresent()) {
            return Optional.of("role " + sql.text("select current_user") + " does not own " + foreign.get().name() + ": run ALTER TABLE " + foreign.get().quoted() + (lacking.isEmpty() ? "" : " REPLICA IDENTITY FULL, and ALTER TABLE " + foreign.get().quoted())
                    + " OWNER TO it, or let Banyan ask as the owner");
        }
        return lacking.isEmpty() ? Optional.empty() : makeFull(sql, table, lacking, old, there);
    }

    /** What is told of old rows while it is changed is not enough: so the table is not published meanwhile. */
    private Optional<String> makeFull(Sql sql, TableFacts table, List<TableFacts> all, Set<String> old, Set<Long> there) throws SQLException {
        if (there.remove(table.oid())) {
            remove(sql, table.oid());
        }
        for (TableFacts one : all) {
            try {
                Identities.remember(sql, name, one);
                sql.execute("ALTER TABLE " + one.quoted() + " REPLICA IDENTITY FULL");
            } catch (SQLException e) {
                return Optional.of(one.name() + " does not tell " + (old.isEmpty() ? "which row is meant" : String.join(", ", new TreeSet<>(old))) + " of old rows, and its replica identity could not be set (" + e.getMessage()
                        + "): tried again; or run ALTER TABLE " + one.quoted() + " REPLICA IDENTITY FULL");
            }
            decide("tell whole old rows of " + one.name(), "its replica identity (" + one.identityInWords() + ") has not " + (old.isEmpty() ? "any column" : old.stream().filter(column -> !one.known().contains(column)).sorted().collect(Collectors.joining(", "))),
                    "REPLICA IDENTITY FULL was set: updates and deletions log more");
        }
        return Optional.empty();
    }

    private void decide(String what, String why, String seen) {
        setup.decisions().accept(new Decision(what, why, seen, setup.clock().now()));
    }
}
