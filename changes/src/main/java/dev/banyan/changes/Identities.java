package dev.banyan.changes;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The replica identities that tables had before they became FULL, kept where they are found again: in the publication's comment, a line a table:
 * {@code "public"."users" = DEFAULT}.
 */
final class Identities {
    private static final String HEAD = "Made by Banyan. Replica identities before:";
    private static final String IS = " = ";
    private static final String QUOTED = "\"(?:[^\"]|\"\")+\"";
    /** Nothing else is ever run: the comment may be anybody's. */
    private static final Pattern LINE = Pattern.compile(QUOTED + "\\." + QUOTED + IS + "(?:DEFAULT|NOTHING|USING INDEX " + QUOTED + ")");

    private Identities() {}

    static void remember(Sql sql, String publication, TableFacts table) throws SQLException {
        List<String> lines = lines(sql, publication);
        if (lines.stream().noneMatch(line -> line.startsWith(table.quoted() + IS))) {
            lines.add(table.quoted() + IS + table.identityInWords());
            sql.execute("COMMENT ON PUBLICATION " + publication + " IS " + Sql.literal(HEAD + "\n" + String.join("\n", lines)));
        }
    }

    /** The statements that bring back what was. */
    static List<String> restoring(Sql sql, String publication) throws SQLException {
        return lines(sql, publication).stream().map(line -> {
            int is = line.lastIndexOf(IS);
            return "ALTER TABLE IF EXISTS " + line.substring(0, is) + " REPLICA IDENTITY " + line.substring(is + IS.length());
        }).toList();
    }

    private static List<String> lines(Sql sql, String publication) throws SQLException {
        List<String> comment = sql.rows(row -> row.getString(1), "select coalesce(obj_description(oid, 'pg_publication'), '') from pg_publication where pubname = ?", publication);
        List<String> lines = new ArrayList<>(comment.isEmpty() ? List.of() : comment.getFirst().lines().toList());
        lines.removeIf(line -> !LINE.matcher(line).matches());
        return lines;
    }
}
