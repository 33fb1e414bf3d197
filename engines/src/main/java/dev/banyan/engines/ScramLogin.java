package dev.banyan.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), for the passwords that Banyan made itself: they are ASCII, which SASLprep leaves as it
 * is and the JDK's PBKDF2 takes. The server proves that it knows the password too. For one login.
 */
final class ScramLogin {
    static final String MECHANISM = "SCRAM-SHA-256";
    /** "No channel binding", as the client's first message begins, and its Base64. */
    private static final String HEADER = "n,,";
    private static final String HEADER_BASE64 = "biws";
    private static final int MOST_ITERATIONS = 1_000_000;
    private static final int KEY_BITS = 256;
    /** PostgreSQL's own. */
    private static final int USUAL_ITERATIONS = 4096;
    private static final int SALT_BYTES = 16;

    private final String password;
    private final String clientFirst;
    private final String nonce;
    private byte[] expectedSignature = {};

    ScramLogin(String password) {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        this.password = password;
        this.nonce = Base64.getEncoder().encodeToString(random);
        // PostgreSQL takes the user of the start-up message.
        this.clientFirst = "n=,r=" + nonce;
    }

    /** What a server keeps of a password, in PostgreSQL's form (RFC 5803): given instead of the password, which then is never sent or logged. */
    static String verifier(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        try {
            byte[] salted = salted(password, salt, USUAL_ITERATIONS);
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, ascii("Client Key")));
            Base64.Encoder base64 = Base64.getEncoder();
            return MECHANISM + "$" + USUAL_ITERATIONS + ":" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey) + ":"
                    + base64.encodeToString(hmac(salted, ascii("Server Key")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot do SCRAM-SHA-256", e);
        }
    }

    String first() {
        return HEADER + clientFirst;
    }

    /** The answer to the server's challenge. */
    String answer(String serverFirst) throws IOException {
        String[] parts = serverFirst.split(",");
        if (parts.length < 3 || !parts[0].startsWith("r=" + nonce) || !parts[1].startsWith("s=") || !parts[2].matches("i=\\d{1,7}")) {
            throw new IOException("the server's SCRAM challenge is malformed");
        }
        int iterations = Integer.parseInt(parts[2].substring(2));
        if (iterations == 0 || iterations > MOST_ITERATIONS) {
            throw new IOException("the server asks for " + iterations + " SCRAM iterations; 1 to " + MOST_ITERATIONS + " are done");
        }
        String withoutProof = "c=" + HEADER_BASE64 + "," + parts[0];
        byte[] exchange = ascii(clientFirst + "," + serverFirst + "," + withoutProof);
        try {
            byte[] salted = salted(password, Base64.getDecoder().decode(parts[1].substring(2)), iterations);
            byte[] clientKey = hmac(salted, ascii("Client Key"));
            byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), exchange);
            expectedSignature = hmac(hmac(salted, ascii("Server Key")), exchange);
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(xor(clientKey, signature));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot do SCRAM-SHA-256", e);
        }
    }

    /** Checks that the server knows the password. */
    void check(String serverFinal) throws IOException {
        String expected = "v=" + Base64.getEncoder().encodeToString(expectedSignature);
        if (!MessageDigest.isEqual(ascii(serverFinal), ascii(expected))) {
            throw new IOException("the server does not know this user's password itself: it is not the server it should be");
        }
    }

    private static byte[] salted(String password, byte[] salt, int iterations) throws GeneralSecurityException {
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS))
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static byte[] xor(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length);
        for (int i = 0; i < both.length; i++) {
            both[i] ^= other[i];
        }
        return both;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
