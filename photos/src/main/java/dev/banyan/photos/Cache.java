package dev.banyan.photos;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Values that are read far more often than they change, by name. Whatever is asked for may be missing: the caller then asks the database. So nothing
 * here fails, and nothing takes long; without a cache ({@link #NONE}) everything is missing.
 */
interface Cache extends AutoCloseable {
    Cache NONE = new NoCache();

    /** What is there of these keys, asked for at once: a page needs several, and each time costs a way there and back. */
    Found ask(String... keys);

    /** Makes a value that the cache has not. */
    interface Load<T> {
        T load() throws SQLException;
    }

    /** What was there, by key. */
    record Found(Map<String, String> values) {
        static final Found NOTHING = new Found(Map.of());

        /** A JSON document as a record; its fields are named {@code like_this}. */
        <T> Optional<T> document(String key, Class<T> type) {
            return Optional.ofNullable(values.get(key)).flatMap(json -> Json.document(json, type));
        }

        /** The document, or what is loaded when it is missing. */
        <T> T document(String key, Class<T> type, Load<T> otherwise) throws SQLException {
            Optional<T> found = document(key, type);
            return found.isPresent() ? found.get() : otherwise.load();
        }

        /** The number of a counter; one that is missing is not one that the cache counts for the database. */
        OptionalLong number(String counter) {
            String number = values.getOrDefault(counter, "");
            return number.matches("-?[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
        }
    }

    /** One document, or what is loaded when it is missing. */
    default <T> T read(String key, Class<T> type, Load<T> otherwise) throws SQLException {
        return ask(key).document(key, type, otherwise);
    }

    default OptionalLong number(String counter) {
        return ask(counter).number(counter);
    }

    /** What was read under these names is no longer so. */
    void forget(String... keys);

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
