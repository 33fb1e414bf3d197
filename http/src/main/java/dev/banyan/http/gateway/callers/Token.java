package dev.banyan.http.gateway.callers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.base64url.Base64Url;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * A signed token (RFC 7515, RFC 7519) as it says it is: nothing of it is to be believed before its signature was checked.
 *
 * @param keyId which of its issuer's keys it says signed it
 */
record Token(String compact, SignatureAlgorithm algorithm, Optional<String> keyId, Map<String, Object> claims) {
    /** As many characters as a token may have. */
    static final int LONGEST = 8 * 1024;

    /** RFC 8725 section 3.11: a token made for something else (a logout, a proof of possession) says so, and is none here. */
    private static final Set<String> TYPES = Set.of("jwt", "application/jwt", "at+jwt", "application/at+jwt");

    /**
     * What came of reading one.
     *
     * @param token null when it was refused
     */
    record Read(Token token, Reason refused) {}

    /** Reads one in the compact form. Its header may ask for nothing special: with {@code crit} or {@code b64} it is refused. */
    static Read of(String compact) {
        String[] parts = compact.length() <= LONGEST ? compact.split("\\.", 4) : new String[0];
        if (parts.length != 3 || !base64Url(compact)) {
            return new Read(null, Reason.MALFORMED);
        }
        try {
            return of(compact, JsonUtil.parseJson(Base64Url.decodeToUtf8String(parts[0])), JsonUtil.parseJson(Base64Url.decodeToUtf8String(parts[1])));
        } catch (JoseException notJson) {
            return new Read(null, Reason.MALFORMED);
        }
    }

    private static Read of(String compact, Map<String, Object> header, Map<String, Object> claims) {
        Object type = header.getOrDefault("typ", "JWT");
        boolean special = header.containsKey("crit") || header.containsKey("b64") || header.containsKey("enc") || header.containsKey("zip");
        boolean named = !header.containsKey("kid") || header.get("kid") instanceof String;
        if (special || !named || !(header.get("alg") instanceof String id) || !(type instanceof String text) || !TYPES.contains(text.toLowerCase(Locale.ROOT))) {
            return new Read(null, Reason.MALFORMED);
        }
        Optional<SignatureAlgorithm> algorithm = SignatureAlgorithm.of(id);
        Optional<String> keyId = Optional.ofNullable((String) header.get("kid"));
        return algorithm.map(by -> new Read(new Token(compact, by, keyId, claims), null)).orElseGet(() -> new Read(null, Reason.ALGORITHM));
    }

    /** Three parts that are not empty, of the base64url alphabet (decoders pass over other characters, so that one token had many forms). */
    private static boolean base64Url(String compact) {
        char before = '.';
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            boolean digit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (!digit && (c != '.' || before == '.')) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    Optional<String> text(String claim) {
        return claims.get(claim) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Seconds since 1970 (RFC 7519 section 2, NumericDate); NaN when it is there and is none. */
    Optional<Double> time(String claim) {
        if (!claims.containsKey(claim)) {
            return Optional.empty();
        }
        return Optional.of(claims.get(claim) instanceof Number seconds && Math.abs(seconds.doubleValue()) < 1e12 ? seconds.doubleValue() : Double.NaN);
    }

    /** Whom it was made for. */
    List<String> audience() {
        return switch (claims.get("aud")) {
            case String one -> List.of(one);
            case List<?> several when several.stream().allMatch(String.class::isInstance) -> several.stream().map(String.class::cast).toList();
            case null, default -> List.of();
        };
    }

    @Override
    public String toString() {
        return "a token";
    }
}
