package dev.banyan.http.gateway.callers;

import dev.banyan.topology.Callers;
import java.security.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Who signs tokens that are believed, and what must hold for them. Safe for any thread. */
record Issuer(Callers.Issuer asked, Set<SignatureAlgorithm> algorithms, KeySource source) {

    static Issuer of(Callers.Issuer asked, KeySource source) {
        List<SignatureAlgorithm> usual = asked.secret().isPresent() ? List.of(SignatureAlgorithm.HS256) : SignatureAlgorithm.USUAL;
        List<SignatureAlgorithm> named = asked.algorithms().stream().map(id -> SignatureAlgorithm.of(id).orElseThrow()).toList();
        return new Issuer(asked, Set.copyOf(named.isEmpty() ? usual : named), source);
    }

    /** Whether a key of the set signed it, by the algorithm it names: of those that count, and with a key of the one kind that goes with it. */
    static boolean signed(Token token, List<Key> keys) {
        for (Key key : keys) {
            try {
                JsonWebSignature signature = new JsonWebSignature();
                signature.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, token.algorithm().id()));
                signature.setCompactSerialization(token.compact());
                signature.setKey(key);
                if (signature.verifySignature()) {
                    return true;
                }
            } catch (JoseException broken) {
                // a signature of the wrong length, say: not signed by this key
            }
        }
        return false;
    }

    /** What is wrong with what a token says, if anything; at this wall time. */
    Optional<Reason> fault(Token token, long nowMillis) {
        double now = nowMillis / 1e3;
        double leeway = asked.leeway().toMillis() / 1e3;
        Optional<Double> expires = token.time("exp");
        if (expires.isEmpty() || expires.get().isNaN()) {
            return Optional.of(expires.isEmpty() ? Reason.CLAIMS : Reason.MALFORMED);
        }
        if (now >= expires.get() + leeway) {
            return Optional.of(Reason.EXPIRED);
        }
        for (String beginning : List.of("nbf", "iat")) {
            double from = token.time(beginning).orElse(now);
            if (Double.isNaN(from) || from > now + leeway) {
                return Optional.of(Double.isNaN(from) ? Reason.MALFORMED : Reason.EARLY);
            }
        }
        if (!asked.audiences().isEmpty() && token.audience().stream().noneMatch(asked.audiences()::contains)) {
            return Optional.of(Reason.AUDIENCE);
        }
        boolean whole = token.claims().keySet().containsAll(asked.require()) && token.text(asked.name()).filter(name -> !name.isBlank()).isPresent();
        return whole ? Optional.empty() : Optional.of(Reason.CLAIMS);
    }

    /** The wall time in milliseconds at which a token that is right ends to be so. */
    long until(Token token) {
        return (long) (token.time("exp").orElseThrow() * 1e3) + asked.leeway().toMillis();
    }

    /** Whom it names; once it is verified. */
    Caller caller(Token token) {
        Map<String, Claim> claims = new HashMap<>();
        token.claims().forEach((name, value) -> Claim.of(value).ifPresent(claim -> claims.put(name, claim)));
        return Caller.of(token.text(asked.name()).orElseThrow(), claims);
    }

    static Map<String, Issuer> byName(List<Issuer> issuers) {
        return issuers.stream().collect(Collectors.toUnmodifiableMap(issuer -> issuer.asked().issuer(), issuer -> issuer));
    }
}
