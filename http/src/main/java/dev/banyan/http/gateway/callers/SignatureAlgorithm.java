package dev.banyan.http.gateway.callers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The signature algorithms of RFC 7518 and RFC 8037 that may count; {@code none} is not among them. */
enum SignatureAlgorithm {
    RS256(KeyKind.RSA),
    RS384(KeyKind.RSA),
    RS512(KeyKind.RSA),
    PS256(KeyKind.RSA),
    PS384(KeyKind.RSA),
    PS512(KeyKind.RSA),
    ES256(KeyKind.P_256),
    ES384(KeyKind.P_384),
    ES512(KeyKind.P_521),
    EDDSA(KeyKind.ED25519),
    HS256(KeyKind.SECRET),
    HS384(KeyKind.SECRET),
    HS512(KeyKind.SECRET);

    static final List<SignatureAlgorithm> USUAL = List.of(RS256, ES256, EDDSA);

    private final KeyKind kind;

    SignatureAlgorithm(KeyKind kind) {
        this.kind = kind;
    }

    /** The one key kind it goes with. */
    KeyKind kind() {
        return kind;
    }

    /** Its name in {@code alg}. */
    String id() {
        return this == EDDSA ? "EdDSA" : name();
    }

    static Optional<SignatureAlgorithm> of(String id) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.id().equals(id)).findFirst();
    }
}
