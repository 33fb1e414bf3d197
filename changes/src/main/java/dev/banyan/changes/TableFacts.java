package dev.banyan.changes;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table as the catalogue has it, or one of the partitions below it.
 *
 * @param name {@code SCHEMA.NAME}
 * @param kind pg_class.relkind
 * @param persistence pg_class.relpersistence
 * @param identity pg_class.relreplident
 * @param index of identity {@code i}: its name, else empty
 * @param owned whether we are its owner, or as good as
 * @param columns that the log tells
 * @param known those of its replica identity; with FULL all
 */
record TableFacts(long oid, String name, String kind, String persistence, String identity, String index, boolean owned, Set<String> columns, Set<String> known) {
    private static final String FULL = "f";
    /** Keys of an index without the columns it only includes; an index that is checked at commit does not count. Generated columns are not in the log. */
    private static final String QUESTION = """
            select c.oid::bigint, n.nspname || '.' || c.relname, c.relkind::text, c.relpersistence::text, c.relreplident::text, coalesce(ic.relname, ''), pg_has_role(c.relowner, 'USAGE'),
              array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),
              array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                and (c.relreplident = 'f' or a.attnum = any((i.indkey::int2[])[0:i.indnkeyatts - 1])))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
              left join pg_index i on i.indrelid = c.oid and i.indimmediate and i.indisvalid and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
              left join pg_class ic on c.relreplident = 'i' and ic.oid = i.indexrelid
            """;

    static Optional<TableFacts> find(Sql sql, WatchedTable table) throws SQLException {
        return sql.rows(TableFacts::map, QUESTION + "where n.nspname = ? and c.relname = ?", table.schema(), table.relation()).stream().findFirst();
    }

    /** It and all partitions below it. */
    List<TableFacts> tree(Sql sql) throws SQLException {
        return kind.equals("p") ? sql.rows(TableFacts::map, QUESTION + "where c.oid in (select relid from pg_partition_tree(?::oid))", oid) : List.of(this);
    }

    private static TableFacts map(java.sql.ResultSet row) throws SQLException {
        return new TableFacts(
                row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5), row.getString(6), row.getBoolean(7),
                Set.copyOf(Sql.texts(row, 8)), Set.copyOf(Sql.texts(row, 9)));
    }

    /** Why its changes are not in the log, with the next step; empty when they are. */
    Optional<String> unfit(Set<String> old) {
        if (!kind.equals("r") && !kind.equals("p")) {
            return Optional.of(name + " is " + kindInWords() + ", whose changes are not in this database's log; name the tables it is made of");
        }
        if (!persistence.equals("p")) {
            return Optional.of(name + " is " + (persistence.equals("u") ? "unlogged" : "temporary") + ": its changes are not in the log; run ALTER TABLE " + quoted() + " SET LOGGED");
        }
        Set<String> missing = new HashSet<>(old);
        missing.removeAll(columns);
        return missing.isEmpty() ? Optional.empty() : Optional.of(name + " has no column " + String.join(", ", missing) + " that the log tells (it tells " + String.join(", ", new ArrayList<>(columns)) + ")");
    }

    /** Whether old rows tell these, and updates are not refused for want of a replica identity. */
    boolean tells(Collection<String> old) {
        return identity.equals(FULL) || !known.isEmpty() && known.containsAll(old);
    }

    /** What brings its replica identity back: as {@code ALTER TABLE} has it. */
    String identityInWords() {
        return switch (identity) {
            case "d" -> "DEFAULT";
            case "n" -> "NOTHING";
            case "i" -> "USING INDEX " + Sql.name(index);
            default -> "FULL";
        };
    }

    /** Its name in a statement. */
    String quoted() {
        int dot = name.indexOf('.');
        return Sql.name(name.substring(0, dot)) + "." + Sql.name(name.substring(dot + 1));
    }

    private String kindInWords() {
        return switch (kind) {
            case "v" -> "a view";
            case "m" -> "a materialized view";
            case "f" -> "a foreign table";
            default -> "of kind '" + kind + "'";
        };
    }
}
