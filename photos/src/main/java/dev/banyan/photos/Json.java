package dev.banyan.photos;

import java.util.Optional;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out. The mapper is made when first needed, off the way to the first healthy answer. */
final class Json {
    private Json() {}

    private static final class Mapper {
        static final JsonMapper INSTANCE = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
        static final JsonMapper DOCUMENTS = INSTANCE.rebuild().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
    }

    /** A document made by the database, its fields named {@code like_this}; empty when it has another shape. */
    static <T> Optional<T> document(String json, Class<T> type) {
        try {
            return Optional.ofNullable(Mapper.DOCUMENTS.readValue(json, type));
        } catch (JacksonException e) {
            LoggerFactory.getLogger(Cache.class).warn("the cache has no {} where one was expected: {}", type.getSimpleName(), e.getOriginalMessage());
            return Optional.empty();
        }
    }

    static byte[] write(Object value) {
        return Mapper.INSTANCE.writeValueAsBytes(value);
    }

    static String text(Object value) {
        return Mapper.INSTANCE.writeValueAsString(value);
    }

    /**
     * Reads one object.
     *
     * @throws Problem 400 if the text is not JSON of that shape
     */
    static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = Mapper.INSTANCE.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            throw new Problem(400, "The body is not the JSON that was expected: " + e.getOriginalMessage());
        }
        throw new Problem(400, "The body is JSON null; an object was expected.");
    }
}
