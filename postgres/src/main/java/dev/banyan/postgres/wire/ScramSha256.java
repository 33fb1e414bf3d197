package dev.banyan.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The sums of SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677), for both sides, and PostgreSQL's way of writing a verifier down (RFC 5803). The
 * JDK's HMAC does the work; its PBKDF2 takes characters only, and a password that is no valid text goes in by its bytes.
 */
final class ScramSha256 {
    static final int KEY_BYTES = 32;
    static final int USUAL_ITERATIONS = 4096;
    /** About half a second of one core; more is taken for an attempt to keep it busy. */
    static final int MOST_ITERATIONS = 1_000_000;
    static final String PREFIX = "SCRAM-SHA-256$";

    private static final int SALT_BYTES = 16;
    private static final byte[] CLIENT_KEY = ascii("Client Key");
    private static final byte[] SERVER_KEY = ascii("Server Key");

    private ScramSha256() {}

    /** What a password comes to with a salt: all that either side needs. */
    record Keys(byte[] clientKey, byte[] serverKey) {
        @Override
        public String toString() {
            return "Keys[***]";
        }
    }

    /** About 2 ms for 4,096 iterations: not for an IO loop. */
    static Keys keys(String password, byte[] salt, int iterations) {
        byte[] salted = saltedPassword(Passwords.prepared(password), salt, iterations);
        return new Keys(hmac(salted, CLIENT_KEY), hmac(salted, SERVER_KEY));
    }

    /** A new verifier with a salt of its own; not for an IO loop. */
    static Verifier.Scram verifier(String password, SecureRandom secrets) {
        byte[] salt = new byte[SALT_BYTES];
        secrets.nextBytes(salt);
        Keys keys = keys(password, salt, USUAL_ITERATIONS);
        return new Verifier.Scram(USUAL_ITERATIONS, salt, hash(keys.clientKey()), keys.serverKey());
    }

    /** Hi() of RFC 5802: PBKDF2 of one block. */
    private static byte[] saltedPassword(byte[] password, byte[] salt, int iterations) {
        try {
            // HMAC pads a key with zeros, so one zero byte is the empty key, which the JDK does not take.
            Mac mac = mac(password.length == 0 ? new byte[1] : password);
            mac.update(salt);
            mac.update(new byte[] {0, 0, 0, 1});
            byte[] block = mac.doFinal();
            byte[] sum = block.clone();
            for (int i = 1; i < iterations; i++) {
                mac.update(block);
                mac.doFinal(block, 0);
                xorInto(sum, block);
            }
            return sum;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot do HMAC-SHA-256", e);
        }
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            return mac(key).doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot do HMAC-SHA-256", e);
        }
    }

    private static Mac mac(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac;
    }

    static byte[] hash(byte[] bytes) {
        return Passwords.digest("SHA-256", bytes);
    }

    /** ClientProof from ClientKey and ClientKey from ClientProof: the same sum either way. */
    static byte[] maskedByClientSignature(byte[] bytes, byte[] storedKey, byte[] authMessage) {
        byte[] sum = hmac(storedKey, authMessage);
        xorInto(sum, bytes);
        return sum;
    }

    private static void xorInto(byte[] sum, byte[] bytes) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= bytes[i];
        }
    }

    /** In a time that does not depend on where they differ. */
    static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    /** 18 random bytes as 24 printable characters without a comma, as PostgreSQL's nonces. */
    static String nonce(SecureRandom secrets) {
        byte[] random = new byte[18];
        secrets.nextBytes(random);
        return base64(random);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
