package dev.banyan.photos;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out. The mapper is made when first needed, off the way to the first healthy answer. */
final class Json {
    private Json() {}

    private static final class Mapper {
        static final JsonMapper INSTANCE = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
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
