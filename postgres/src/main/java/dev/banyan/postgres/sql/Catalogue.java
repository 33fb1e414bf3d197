package dev.banyan.postgres.sql;

import java.util.HashSet;
import java.util.Set;

/**
 * What is known of the application's own database beyond PostgreSQL's built-ins. Immutable; a newer one replaces it while statements run.
 * Names are as pg_proc and pg_class have them (lower case unless created in quotes), without schema: of two of one name, the worse counts.
 *
 * @param volatileFunctions functions that may write: volatile ones. They win over every other list.
 * @param harmlessFunctions functions outside pg_catalog of which every overload is stable or immutable, and those that the site file names
 * @param primaryRelations relations that a standby cannot read, or reads otherwise: unlogged tables and sequences
 */
public record Catalogue(Set<String> volatileFunctions, Set<String> harmlessFunctions, Set<String> primaryRelations) {
    /** Nothing known: only built-ins are taken for harmless. */
    public static final Catalogue NONE = new Catalogue(Set.of(), Set.of(), Set.of());

    /**
     * What a {@link Catalogue} is made from, for the user's database: rows (what, name), {@code what} being {@code volatile},
     * {@code harmless} or {@code primary}. An extension's functions are the user's here.
     */
    public static final String QUERY = """
            SELECT CASE WHEN bool_or(p.provolatile = 'v') THEN 'volatile' ELSE 'harmless' END, p.proname::text
            FROM pg_catalog.pg_proc p
            WHERE p.prokind <> 'p' AND p.proname IN (SELECT q.proname FROM pg_catalog.pg_proc q
                    WHERE q.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace))
            GROUP BY p.proname
            UNION ALL
            SELECT DISTINCT 'primary', c.relname::text FROM pg_catalog.pg_class c WHERE c.relkind = 'S' OR c.relpersistence = 'u' AND c.relkind IN ('r', 'm', 'p')""";

    public Catalogue {
        volatileFunctions = Set.copyOf(volatileFunctions);
        harmlessFunctions = Set.copyOf(harmlessFunctions);
        primaryRelations = Set.copyOf(primaryRelations);
    }

    /** This one, with functions that only read whatever they were declared as: the site file says so. @param names NAME or SCHEMA.NAME */
    public Catalogue andHarmless(Set<String> names) {
        Set<String> bare = new HashSet<>();
        names.forEach(name -> bare.add(name.substring(name.lastIndexOf('.') + 1)));
        Set<String> writing = new HashSet<>(volatileFunctions);
        writing.removeAll(bare);
        bare.addAll(harmlessFunctions);
        return new Catalogue(writing, bare, primaryRelations);
    }
}
