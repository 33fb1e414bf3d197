package dev.banyan.http.gateway.callers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a key, token or password, which stands for it in tables. Looking one up takes a time that says nothing of the secrets in the
 * table: nobody can choose a text by how its hash begins.
 */
record Digest(long first, long second, long third, long fourth) {
    static Digest of(byte[] bytes, int from, int to) {
        MessageDigest sha256 = sha256();
        sha256.update(bytes, from, to - from);
        return of(sha256.digest());
    }

    static Digest of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /** Of what people make up, which others could find by trying all: with a salt that only this process knows. */
    static Digest salted(byte[] salt, byte[] bytes) {
        MessageDigest sha256 = sha256();
        sha256.update(salt);
        return of(sha256.digest(bytes));
    }

    /** @param hex 64 hexadecimal digits */
    static Digest parse(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    private static Digest of(byte[] hash) {
        ByteBuffer parts = ByteBuffer.wrap(hash);
        return new Digest(parts.getLong(), parts.getLong(), parts.getLong(), parts.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every Java has it
        }
    }

    /** Not even the hash is for logs. */
    @Override
    public String toString() {
        return "a digest";
    }
}
