package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A request that may be answered.
 *
 * @param query the raw query, empty when there is none
 * @param accept the Accept header, empty when there is none
 * @param body the parsed body of a POST
 */
record Call(String method, String path, String query, String accept, JsonNode body, String who, boolean mayChange) {
    Optional<String> query(String name) {
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equals(name)) {
                return Optional.of(decode(pair.substring(equals + 1)));
            }
        }
        return Optional.empty();
    }

    /** A number from 1 to the most. */
    int number(String name, int absent, int most) {
        Optional<String> given = query(name);
        if (given.isEmpty()) {
            return absent;
        }
        if (!given.get().matches("[0-9]{1,9}") || Integer.parseInt(given.get()) < 1 || Integer.parseInt(given.get()) > most) {
            throw new BanyanException(ErrorCode.USAGE, name + " is a number from 1 to " + most + ", not '" + given.get() + "'");
        }
        return Integer.parseInt(given.get());
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, "the query has a bad escape: " + e.getMessage());
        }
    }
}
