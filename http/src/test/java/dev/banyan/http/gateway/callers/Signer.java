package dev.banyan.http.gateway.callers;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes keys and signed tokens by the JDK alone, so that the library that checks them is not its own witness. */
record Signer(String keyId, PublicKey publicKey, Key secret) {
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    /** One of that kind: {@code RSA}, {@code P-256}, {@code P-384}, {@code P-521}, {@code Ed25519}; the same for the same name. */
    static Signer of(String kind, String keyId) {
        KeyPair pair = PAIRS.computeIfAbsent(kind + " " + keyId, _ -> pair(kind));
        return new Signer(keyId, pair.getPublic(), pair.getPrivate());
    }

    static Signer secret(String text) {
        return secret(text.getBytes(StandardCharsets.UTF_8));
    }

    static Signer secret(byte[] bytes) {
        return new Signer("", null, new SecretKeySpec(bytes, "HMAC"));
    }

    private static KeyPair pair(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind.startsWith("RSA") ? "RSA" : kind);
            switch (kind) {
                case "P-256", "P-384", "P-521" -> generator.initialize(new java.security.spec.ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
                case "RSA" -> generator.initialize(2048);
                case "RSA-1024" -> generator.initialize(1024);
                default -> {}
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token with the usual header. */
    String token(String algorithm, String claims) {
        return sign("{\"alg\":\"" + algorithm + "\"" + (keyId.isEmpty() ? "" : ",\"kid\":\"" + keyId + "\"") + "}", claims, algorithm);
    }

    String sign(String header, String claims, String algorithm) {
        String signed = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            return signed + "." + base64(signature(signed.getBytes(StandardCharsets.US_ASCII), algorithm));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signature(byte[] signed, String algorithm) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        if (algorithm.startsWith("HS")) {
            Mac mac = Mac.getInstance("HmacSHA" + bits);
            mac.init(new SecretKeySpec(secret.getEncoded(), "HMAC"));
            return mac.doFinal(signed);
        }
        Signature signature = Signature.getInstance(switch (algorithm.substring(0, 2)) {
            case "RS" -> "SHA" + bits + "withRSA";
            case "PS" -> "RSASSA-PSS";
            case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
            default -> "Ed25519";
        });
        if (algorithm.startsWith("PS")) {
            signature.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1));
        }
        signature.initSign((PrivateKey) secret);
        signature.update(signed);
        return signature.sign();
    }

    /** Its public half as a JWK (RFC 7518 section 6, RFC 8037 section 2). */
    String jwk(String... more) {
        String kid = keyId.isEmpty() ? "" : ",\"kid\":\"" + keyId + "\"";
        String extra = more.length == 0 ? "" : "," + String.join(",", more);
        return switch (publicKey) {
            case RSAPublicKey rsa -> "{\"kty\":\"RSA\",\"n\":\"" + unsigned(rsa.getModulus().toByteArray(), 0) + "\",\"e\":\"" + unsigned(rsa.getPublicExponent().toByteArray(), 0) + "\"" + kid + extra + "}";
            case ECPublicKey ec -> {
                int bits = ec.getParams().getCurve().getField().getFieldSize();
                int length = (bits + 7) / 8;
                yield "{\"kty\":\"EC\",\"crv\":\"P-" + bits + "\",\"x\":\"" + unsigned(ec.getW().getAffineX().toByteArray(), length) + "\",\"y\":\"" + unsigned(ec.getW().getAffineY().toByteArray(), length) + "\"" + kid + extra + "}";
            }
            case EdECPublicKey edwards -> {
                byte[] encoded = edwards.getEncoded();
                yield "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)) + "\"" + kid + extra + "}";
            }
            default -> throw new IllegalStateException();
        };
    }

    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey.getEncoded()) + "\n-----END PUBLIC KEY-----\n";
    }

    static String jwks(Signer... signers) {
        return "{\"keys\":[" + String.join(",", Arrays.stream(signers).map(Signer::jwk).toList()) + "]}";
    }

    private static String unsigned(byte[] number, int length) {
        int from = 0;
        while (from < number.length - 1 && number[from] == 0) {
            from++;
        }
        byte[] digits = Arrays.copyOfRange(number, from, number.length);
        byte[] padded = new byte[Math.max(length, digits.length)];
        System.arraycopy(digits, 0, padded, padded.length - digits.length, digits.length);
        return base64(padded);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
