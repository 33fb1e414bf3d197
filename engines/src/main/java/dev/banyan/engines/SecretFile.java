package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** A generated password in {@code .banyan/secrets/NAME}, readable by its owner only. */
record SecretFile(Path file) {
    /** 192 bits: 32 characters of letters, digits, '-' and '_', which need no quoting in any URL or SQL. */
    private static final int BYTES = 24;

    static SecretFile of(StateFolder folder, String name) {
        return new SecretFile(folder.secrets().resolve(name));
    }

    Optional<Secret> read() {
        try {
            return Files.exists(file) ? Optional.of(new Secret(Files.readString(file).strip())) : Optional.empty();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the secret " + file + " cannot be read: " + Reason.of(e), e);
        }
    }

    Secret create() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Secret secret = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        try {
            AtomicFile.write(file, secret.reveal() + "\n");
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the secret " + file + " cannot be written: " + Reason.of(e), e);
        }
        return secret;
    }
}
