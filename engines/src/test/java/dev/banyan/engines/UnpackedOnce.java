package dev.banyan.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** PostgreSQL's programs, unpacked once for all tests and linked into each one's state folder: unpacking takes a second. */
final class UnpackedOnce {
    private static final PostgresBinaries BINARIES = PostgresBinaries.unpack(StateFolder.at(Path.of("target/unpacked")));

    private UnpackedOnce() {}

    static void into(StateFolder folder) throws IOException {
        Files.createSymbolicLink(link(folder), BINARIES.folder());
    }

    /** Before the folder is deleted, so that nothing is tempted to follow the link. */
    static void outOf(StateFolder folder) throws IOException {
        if (Files.isSymbolicLink(link(folder))) {
            Files.delete(link(folder));
        }
    }

    private static Path link(StateFolder folder) {
        return folder.engines().resolve(BINARIES.folder().getFileName());
    }
}
