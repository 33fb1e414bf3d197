package dev.banyan.cli;

import dev.banyan.engines.StateFolder;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Figures of the site that belong to none of its parts alone. */
record SiteMetrics(Registry registry) {
    /** What reads a figure of a disk. */
    private interface OfStore {
        long bytes(FileStore store) throws IOException;
    }

    /** The disk that the site's databases, logs and journals lie on. */
    void disk(StateFolder folder) {
        registry.gauge("banyan_disk_free_bytes", "What Banyan may still write to the disk of its state folder.", Labels.NONE, () -> of(folder, FileStore::getUsableSpace));
        registry.gauge("banyan_disk_size_bytes", "The size of that disk.", Labels.NONE, () -> of(folder, FileStore::getTotalSpace));
    }

    void primary(BooleanSupplier there) {
        registry.gauge("banyan_database_primary", "1 while the router has a primary that writes may go to, else 0.", Labels.NONE, () -> there.getAsBoolean() ? 1 : 0);
    }

    /** @param ends of the certificate in use; empty while there is none */
    void certificate(String door, Supplier<Optional<Instant>> ends) {
        registry.gauge("banyan_certificate_ends_seconds", "When the first certificate of a door ends, since 1970.", Labels.of("door", door),
                () -> ends.get().map(end -> (double) end.getEpochSecond()).orElse(Double.NaN));
    }

    private static double of(StateFolder folder, OfStore figure) {
        try {
            return figure.bytes(Files.getFileStore(folder.path()));
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
