package dev.banyan.cli;

import dev.banyan.engines.SiteHold;
import dev.banyan.engines.StateFolder;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How other commands find a running site: {@code .banyan/running.json}, there while it runs. It holds no secret; the token is in
 * {@code console.token} beside it, for its owner alone.
 *
 * @param siteFile absolute
 * @param console as {@code http://127.0.0.1:9900}
 * @param frontDoor where users come in, as URLs
 * @param database where its clients come in, as a URL without the password; empty when the site has none
 * @param cache where its clients come in, as a URL without the password; empty while the site uses none
 * @param consoleCertificate the SHA-256 of the console's certificate in hexadecimal digits, which it is known by; empty without TLS
 */
record Running(long pid, String site, String siteFile, String console, List<String> frontDoor, String database, String cache, String consoleCertificate) {
    static final String FILE = "running.json";
    private static final JsonMapper JSON = new JsonMapper();

    /** One whose console has no TLS. */
    Running(long pid, String site, String siteFile, String console, List<String> frontDoor, String database, String cache) {
        this(pid, site, siteFile, console, frontDoor, database, cache, "");
    }

    /** The site that runs in this state folder. */
    static Running in(Path stateFolder) {
        return find(stateFolder).orElseThrow(() -> new BanyanException(ErrorCode.SITE_IS_DOWN,
                "no site runs in " + stateFolder.toAbsolutePath().normalize() + "; start it with 'banyan up', or say where it is with -C FOLDER"));
    }

    /** Empty when none runs; a file that a killed one left says nothing. */
    static Optional<Running> find(Path stateFolder) {
        Path file = stateFolder.resolve(FILE);
        if (!Files.exists(file) || !SiteHold.taken(StateFolder.at(stateFolder))) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), Running.class));
        } catch (IOException | JacksonException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    void write(StateFolder folder) {
        Path file = folder.path().resolve(FILE);
        Path next = folder.path().resolve(FILE + ".new");
        try {
            Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static void forget(StateFolder folder) {
        try {
            Files.deleteIfExists(folder.path().resolve(FILE));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot delete " + folder.path().resolve(FILE) + ": " + e.getMessage(), e);
        }
    }
}
