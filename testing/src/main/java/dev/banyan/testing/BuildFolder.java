package dev.banyan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** This module's {@code target}, where what is made once a build lies for the tests of all modules, whose processes run side by side. */
final class BuildFolder {
    private BuildFolder() {}

    interface Making {
        void into(Path folder) throws IOException;
    }

    /** A folder of that name: made by whoever comes first, waited for by the others; made anew if that broke off. */
    static synchronized Path once(String name, Making making) {
        Path target = target();
        Path folder = target.resolve(name);
        try (FileChannel lock = FileChannel.open(target.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE); var _ = lock.lock()) {
            if (!Files.exists(target.resolve(name + ".whole"))) {
                Trees.delete(folder);
                making.into(folder);
                Files.createFile(target.resolve(name + ".whole"));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("making " + folder, e);
        }
    }

    /** Beside the classes, or around the jar; the tested module's own when this one comes from elsewhere. */
    private static Path target() {
        try {
            Path here = Path.of(BuildFolder.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
            return here.endsWith("target") ? here : Files.createDirectories(Path.of("target").toAbsolutePath());
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
