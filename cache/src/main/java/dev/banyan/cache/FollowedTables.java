package dev.banyan.cache;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables whose changes have been told without a gap, over restarts too: entries that depend on another may be of before anybody watched.
 * Safe for any thread.
 */
final class FollowedTables {
    private final Path file;
    private volatile Set<String> tables;
    private volatile boolean live;

    private FollowedTables(Path file, Set<String> tables) {
        this.file = file;
        this.tables = tables;
    }

    /** @throws BanyanException DISK when the folder cannot be read or written */
    static FollowedTables open(Path folder) {
        Path file = folder.resolve("followed");
        try {
            Files.createDirectories(folder);
            return new FollowedTables(file, Files.exists(file) ? Set.copyOf(Files.readAllLines(file)) : Set.of());
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    boolean hasAll(Collection<String> names) {
        return tables.containsAll(names);
    }

    /** Whether they are followed now, not only when this process began. */
    boolean live() {
        return live;
    }

    void are(Set<String> names) {
        write(names);
        live = true;
    }

    void none() {
        live = false;
        write(Set.of());
    }

    private synchronized void write(Set<String> names) {
        try {
            Files.write(file, new TreeSet<>(names));
            tables = Set.copyOf(names);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static BanyanException failed(Path file, IOException e) {
        return new BanyanException(ErrorCode.DISK, "what the cache follows cannot be kept in " + file + ": " + e + "; make the folder writable", e);
    }
}
