package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are made by code and kept in the repository. {@code mvn -pl topology test -Dgolden.update=true} writes them anew. */
final class Golden {
    static final String HOW = "mvn -pl topology test -Dgolden.update=true";
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private Golden() {}

    static void check(Path file, String made) {
        if (UPDATE) {
            write(file, made);
        }
        assertThat(read(file)).as("%s is out of date: '%s' writes it anew", file, HOW).isEqualTo(made);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
