package dev.banyan.http.gateway.callers;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jose4j.keys.EllipticCurves;

/** What a key is good for: a signature algorithm goes with one kind and no other (RFC 8725 section 3.1). */
enum KeyKind {
    /** Of 2048 bits (RFC 7518 section 3.3) to 8192, past which one signature costs too much. */
    RSA,
    P_256,
    P_384,
    P_521,
    ED25519,
    SECRET;

    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 8192;

    /** Empty for kinds that count for nothing here. */
    static Optional<KeyKind> of(Key key) {
        return switch (key) {
            case RSAPublicKey rsa when rsa.getModulus().bitLength() >= SHORTEST_RSA && rsa.getModulus().bitLength() <= LONGEST_RSA -> Optional.of(RSA);
            case ECPublicKey ec -> ofCurve(EllipticCurves.getName(ec.getParams().getCurve()));
            case EdECPublicKey edwards when edwards.getParams().getName().equals("Ed25519") -> Optional.of(ED25519);
            case SecretKey _ -> Optional.of(SECRET);
            default -> Optional.empty();
        };
    }

    private static Optional<KeyKind> ofCurve(String name) {
        return switch (name) {
            case EllipticCurves.P_256 -> Optional.of(P_256);
            case EllipticCurves.P_384 -> Optional.of(P_384);
            case EllipticCurves.P_521 -> Optional.of(P_521);
            case null, default -> Optional.empty();
        };
    }
}
