package dev.banyan.photos;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Values that are read far more often than they change, by name. Whatever is asked for may be missing: the caller then asks the database. So nothing
 * here fails, and nothing takes long; without a cache ({@link #NONE}) everything is missing.
 */
interface Cache extends AutoCloseable {
    Cache NONE = new NoCache();

    /** A JSON document as a record; its fields are named {@code like_this}. */
    <T> Optional<T> find(String key, Class<T> type);

    /** Makes a value that the cache has not. */
    interface Load<T> {
        T load() throws SQLException;
    }

    /** The document, or what is loaded when it is missing. */
    default <T> T read(String key, Class<T> type, Load<T> otherwise) throws SQLException {
        Optional<T> found = find(key, type);
        return found.isPresent() ? found.get() : otherwise.load();
    }

    /** What was read under these names is no longer so. */
    void forget(String... keys);

    /** The number of a counter; one that is missing is not one that the cache counts for the database. */
    OptionalLong number(String counter);

    /** What became of an addition. */
    sealed interface Added {
        /** It is kept, and the database will have it; the number with it. */
        record Now(long number) implements Added {}

        /** It was not even sent. */
        record Not() implements Added {}

        /** It was sent, and no answer tells what became of it. */
        record Unknown() implements Added {}
    }

    /** Adds to a counter, once or not at all: it is never sent again. */
    Added add(String counter, long amount);

    /** Bytes that this application has put there itself. */
    Optional<byte[]> bytes(String key);

    /** Puts bytes there, for at most that time. */
    void keep(String key, byte[] bytes, Duration time);

    @Override
    void close();
}
