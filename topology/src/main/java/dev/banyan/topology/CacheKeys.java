package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What Banyan does for the keys that begin with a prefix. What follows the prefix is the key of a table's row, or the parameters of a
 * statement; where there are several, with colons between.
 */
@Doc("What Banyan does for the keys that begin with a prefix. What follows the prefix is the key of a table's row, or the parameters of a statement; where there are several, with colons between.")
public record CacheKeys(
        @Written(Form.KEY_PREFIX) @Doc("How the keys begin: \"user:\".") String prefix,
        @Doc("Who loads and who writes, and when.") Strategy strategy,
        @Written(Form.SQL_TABLE) @Doc("The table whose rows they are: NAME or SCHEMA.NAME.") Optional<String> table,
        @Written(Form.SQL_COLUMN) @Doc("The columns that find a row, in the order of the key; the primary key's when absent.") List<String> key,
        @Written(Form.SQL_COLUMN) @Doc("The columns that are the value; all when absent.") List<String> columns,
        @Written(Form.SQL_STATEMENT) @Doc("Instead of a table: a statement that makes the value, with $1, $2 for what follows the prefix; for 'read-through' only.") Optional<String> sql,
        @Default("document") @Doc("The form of the value.") Shape value,
        @Range(from = "1ms", to = "365d") @Default("10m") @Doc("How long a value is kept.") Duration ttl,
        @Default("10%") @Doc("How much of that is taken off at random, so that values that came together do not go together.") Share jitter,
        @Range(from = "0s", to = "1d") @Default("5s") @Doc("How long it is remembered that there is no such row; 0s is not at all.") Duration missing,
        @Default("0%") @Doc("The last part of its time in which a value that is read is loaded anew before it is gone; 0% is never.") Share refreshAhead,
        @Default("evict") @Doc("What happens to a value when its row is changed, by whatever program.") OnChange onChange,
        @Doc("Other tables whose changes make values old.") List<EvictedBy> evictedBy,
        @Default("false") @Doc("With 'cache-aside': a miss is answered to one client only, the others wait for it to set the value.") boolean lease) {

    public CacheKeys {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        evictedBy = List.copyOf(evictedBy);
    }

    /** Who loads, who writes, and when. */
    public enum Strategy {
        @Doc("The application does both; Banyan passes its commands on.")
        CACHE_ASIDE,
        @Doc("What is not in the cache is loaded from the database; DEL has it loaded anew, all other writes are refused.")
        READ_THROUGH,
        @Doc("Writes go to the database only, and the value is loaded when it is next read.")
        WRITE_AROUND,
        @Doc("Writes go to the database and the cache before they are acknowledged.")
        WRITE_THROUGH,
        @Doc("Writes are acknowledged when they are in a journal on disk, and go to the database in batches.")
        WRITE_BEHIND
    }

    /** What a value looks like. */
    public enum Shape {
        @Doc("A string: the row as a JSON object; of a statement with several rows an array of them.")
        DOCUMENT,
        @Doc("A hash: a field a column.")
        HASH,
        @Doc("A string, or a number that INCR counts up: the one column as it is.")
        COLUMN
    }

    /** What happens to a value whose row was changed. */
    public enum OnChange {
        @Doc("It goes, and is loaded when it is next read.")
        EVICT,
        @Doc("It is loaded anew at once if it is there.")
        REFRESH,
        @Doc("Nothing: it grows as old as its time lets it.")
        IGNORE
    }

    @Doc("A table whose changes make values old, and the columns of it that are the key's parts after the prefix.")
    public record EvictedBy(
            @Written(Form.SQL_TABLE) @Doc("NAME or SCHEMA.NAME.") String table,
            @Written(Form.SQL_COLUMN) @Doc("Its columns, in the order of the key; when empty, any change makes all values of the prefix old.") List<String> columns) {

        public EvictedBy {
            columns = List.copyOf(columns);
        }
    }
}
