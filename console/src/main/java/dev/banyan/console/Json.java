package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** Records to JSON: enums in lower case, instants as ISO 8601, absent optionals as null. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .build();

    private Json() {}

    /** One line, UTF-8. */
    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * A request's body.
     *
     * @throws BanyanException USAGE when it is not JSON
     */
    static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new BanyanException(ErrorCode.USAGE, "the body is not JSON: " + e.getOriginalMessage());
        }
    }
}
