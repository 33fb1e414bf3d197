package dev.banyan.http.gateway.callers;

import dev.banyan.http.gateway.Identity;
import java.util.Map;
import java.util.stream.Collectors;

/** Someone who is known, and what is known of them by claim. */
record Caller(Identity identity, Map<String, Claim> claims) {
    Caller {
        claims = Map.copyOf(claims);
    }

    static Caller of(String name, Map<String, Claim> claims) {
        return new Caller(new Identity(name, claims.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().text()))), claims);
    }
}
