package dev.banyan.http.gateway.callers;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * Reads public keys: a JWK set (RFC 7517 section 5) or PEM blocks of keys and certificates. Of a set, keys that are not for checking
 * signatures, of kinds that count for nothing here, or secret are passed over, as section 5 asks; a set with none left is a fault.
 */
final class KeySetReader {
    /** More bytes than this are not read. */
    static final int LARGEST = 256 * 1024;

    private static final int MOST_KEYS = 100;
    private static final Pattern PEM = Pattern.compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private KeySetReader() {}

    /** @throws Unusable when there is no key in it that counts */
    static KeySet read(byte[] bytes) throws Unusable {
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<KeySet.Entry> keys = text.contains("-----BEGIN ") ? pem(text) : jwks(text);
        if (keys.isEmpty()) {
            throw new Unusable("it holds no public key for signatures: RSA of 2048 to 8192 bits, EC on P-256, P-384 or P-521, or Ed25519");
        }
        return new KeySet(keys);
    }

    private static List<KeySet.Entry> jwks(String text) throws Unusable {
        Object members;
        try {
            members = JsonUtil.parseJson(text).get("keys");
        } catch (JoseException e) {
            throw new Unusable("it is neither a JWK set, {\"keys\": [...]}, nor PEM");
        }
        if (!(members instanceof List<?> list) || list.size() > MOST_KEYS) {
            throw new Unusable("it has no list 'keys' of at most " + MOST_KEYS + " keys");
        }
        List<KeySet.Entry> keys = new ArrayList<>();
        for (Object member : list) {
            if (member instanceof Map<?, ?> jwk) {
                entry(jwk).ifPresent(keys::add);
            }
        }
        return keys;
    }

    private static Optional<KeySet.Entry> entry(Map<?, ?> jwk) {
        boolean forOtherUse = jwk.containsKey("use") && !"sig".equals(jwk.get("use")) || jwk.get("key_ops") instanceof List<?> uses && !uses.contains("verify");
        Optional<SignatureAlgorithm> only = Optional.ofNullable(jwk.get("alg")).map(Object::toString).flatMap(SignatureAlgorithm::of);
        if (forOtherUse || jwk.containsKey("alg") && only.isEmpty()) {
            return Optional.empty();
        }
        return publicKey(jwk).flatMap(key -> KeyKind.of(key).map(kind -> new KeySet.Entry(Optional.ofNullable(jwk.get("kid")).map(Object::toString), kind, only, key)));
    }

    private static Optional<PublicKey> publicKey(Map<?, ?> jwk) {
        Map<String, Object> parameters = new java.util.HashMap<>();
        // Only what makes the public key: a certificate chain beside it vouches for nothing here, and a private part is nobody's business.
        for (String name : List.of("kty", "n", "e", "crv", "x", "y")) {
            if (jwk.get(name) instanceof String value) {
                parameters.put(name, value);
            }
        }
        try {
            return JsonWebKey.Factory.newJwk(parameters) instanceof PublicJsonWebKey key ? Optional.ofNullable(key.getPublicKey()) : Optional.empty();
        } catch (JoseException | RuntimeException unknownOrDamaged) {
            return Optional.empty(); // library and JDK throw unchecked at points that are none
        }
    }

    private static List<KeySet.Entry> pem(String text) throws Unusable {
        List<KeySet.Entry> keys = new ArrayList<>();
        for (MatchResult block : PEM.matcher(text).results().limit(MOST_KEYS).toList()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                PublicKey key = block.group(1).equals("CERTIFICATE") ? ofCertificate(der) : ofKey(der);
                KeyKind.of(key).ifPresent(kind -> keys.add(new KeySet.Entry(Optional.empty(), kind, Optional.empty(), key)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new Unusable("its " + (keys.size() + 1) + ". block cannot be read as a public key or certificate");
            }
        }
        return keys;
    }

    private static PublicKey ofCertificate(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)).getPublicKey();
    }

    private static PublicKey ofKey(byte[] der) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException other) {
                // the next may fit
            }
        }
        throw new InvalidKeySpecException("of no kind that is known here");
    }
}
