package dev.banyan.photos;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Stores passwords as {@code pbkdf2-sha512$rounds$salt$hash}: PBKDF2 (RFC 8018) with HMAC-SHA-512 and 210,000 rounds by default, as
 * OWASP's password storage sheet asks. The rounds stand in each hash, so that they may be raised without locking anyone out. At most one hash a processor
 * is computed at a time: a flood of logins waits here, and the rest of the site goes on.
 */
final class Passwords {
    private static final String SCHEME = "pbkdf2-sha512";
    private static final int BYTES = 32;

    private final int rounds;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    Passwords(int rounds) {
        this.rounds = rounds;
    }

    String hash(String password) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return hash(password, salt, rounds);
    }

    /** Whether the password is the one; always takes the time of one hash. */
    boolean matches(String password, String stored) {
        String[] parts = stored.split("\\$");
        if (parts.length != 4 || !parts[0].equals(SCHEME)) {
            throw new IllegalStateException("a stored password is not of the form " + SCHEME + "$rounds$salt$hash");
        }
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] expected = stored.getBytes(StandardCharsets.US_ASCII);
        byte[] actual = hash(password, salt, Integer.parseInt(parts[1])).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, actual);
    }

    /** Takes as long as a real comparison: whether a name exists must not show in the answer's time. */
    void pretend(String password) {
        hash(password, new byte[16], rounds);
    }

    String hash(String password, byte[] salt, int rounds) {
        processors.acquireUninterruptibly();
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, BYTES * 8);
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
            Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
            return SCHEME + "$" + rounds + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks PBKDF2WithHmacSHA512", e);
        } finally {
            processors.release();
        }
    }
}
