package dev.banyan.postgres.wire;

import com.ongres.saslprep.SASLprep;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passwords as PostgreSQL hashes them: made plain by SASLprep for SCRAM, by MD5 for what is left of that. */
final class Passwords {
    static final String MD5_PREFIX = "md5";
    private static final SASLprep SASLPREP = new SASLprep();

    private Passwords() {}

    /** By SASLprep (RFC 4013), or as it is where that forbids it: so does PostgreSQL (saslprep.c). */
    static byte[] prepared(String password) {
        String plain;
        try {
            plain = SASLPREP.prepareStored(password);
        } catch (IllegalArgumentException forbidden) {
            plain = password;
        }
        return plain.getBytes(StandardCharsets.UTF_8);
    }

    /** What pg_authid keeps for {@code password_encryption = md5}. */
    static String md5Verifier(String user, String password) {
        return MD5_PREFIX + md5Hex((password + user).getBytes(StandardCharsets.UTF_8));
    }

    /** What a client answers to AuthenticationMD5Password. */
    static String md5Answer(String verifier, byte[] salt) {
        byte[] inner = verifier.substring(MD5_PREFIX.length()).getBytes(StandardCharsets.US_ASCII);
        byte[] salted = java.util.Arrays.copyOf(inner, inner.length + salt.length);
        System.arraycopy(salt, 0, salted, inner.length, salt.length);
        return MD5_PREFIX + md5Hex(salted);
    }

    private static String md5Hex(byte[] bytes) {
        return HexFormat.of().formatHex(digest("MD5", bytes));
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK cannot do " + algorithm, e);
        }
    }
}
