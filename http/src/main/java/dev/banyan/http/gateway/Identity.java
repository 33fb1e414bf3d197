package dev.banyan.http.gateway;

import java.util.Map;

/**
 * Who calls.
 *
 * @param name the name of an API key or user, or a token's subject
 * @param claims what a token says of them by name, as text; empty for others
 */
public record Identity(String name, Map<String, String> claims) {
    public Identity {
        claims = Map.copyOf(claims);
    }
}
