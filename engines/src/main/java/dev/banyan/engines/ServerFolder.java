package dev.banyan.engines;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An embedded server's folder, {@code .banyan/postgresql/NAME}: its data folder, and beside it what must not be copied with the data.
 *
 * @param name as {@code db-2}
 */
record ServerFolder(String name, Path path) {
    Path data() {
        return path.resolve("data");
    }

    /** What is being made and will be renamed to {@link #data()} when it is whole. */
    Path unfinished() {
        return path.resolve("data.unfinished");
    }

    Path port() {
        return path.resolve("port");
    }

    /** What the last short-lived program printed. */
    Path setupLog() {
        return path.resolve("setup.log");
    }

    /** With which password a standby connects to its primary. */
    Path passwords() {
        return path.resolve("replication.pgpass");
    }

    boolean hasData() {
        return Files.isDirectory(data());
    }

    /** PostgreSQL starts as a standby when this file is there, and deletes it when it is promoted. */
    Path standbySignal() {
        return data().resolve("standby.signal");
    }

    ServerRole role() {
        return Files.exists(standbySignal()) ? ServerRole.STANDBY : ServerRole.PRIMARY;
    }
}
