package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The secret that allows changes: 256 random bits in a file that only its owner reads. Whoever can read the file may change the site. The
 * page holds a value derived from it in a cookie, so that the token itself stays out of the browser's store.
 */
public final class Token {
    private static final int BYTES = 32;

    private final String secret;
    private final String cookie;

    private Token(String secret) {
        this.secret = secret;
        this.cookie = derive(secret);
    }

    /**
     * The token in this file, made when there is none. It stays the same over restarts; delete the file to change it.
     *
     * @throws BanyanException DISK when the file can be neither read nor made, or holds no token
     */
    public static Token in(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (!Files.exists(file)) {
                make(file);
            }
            String secret = Files.readString(file).strip();
            if (secret.length() < BYTES) {
                throw new BanyanException(ErrorCode.DISK, file + " holds no token (" + secret.length() + " characters); delete it and a new one is made");
            }
            return new Token(secret);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read or make the console's token in " + file + ": " + e.getMessage(), e);
        }
    }

    /** The secret itself, for the link that is shown to the owner and for the command line's requests. */
    public String reveal() {
        return secret;
    }

    boolean is(String offered) {
        return same(secret, offered);
    }

    String cookie() {
        return cookie;
    }

    boolean isCookie(String offered) {
        return same(cookie, offered);
    }

    @Override
    public String toString() {
        return "***";
    }

    private static void make(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owners = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owners)) {
            channel.write(StandardCharsets.US_ASCII.encode(secret + "\n"));
        } catch (FileAlreadyExistsException e) {
            // Another process made it meanwhile: theirs is as good.
        }
    }

    /** Takes as long for a wrong one as for the right one. */
    private static boolean same(String right, String offered) {
        return MessageDigest.isEqual(right.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }

    private static String derive(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(("banyan console cookie " + secret).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
