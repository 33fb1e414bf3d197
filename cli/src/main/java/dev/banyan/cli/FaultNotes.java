package dev.banyan.cli;

import dev.banyan.console.FaultOrder;
import dev.banyan.engines.StateFolder;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is broken at the moment, on disk in {@code .banyan/faults}, so that the next start undoes what a Banyan that is killed leaves behind.
 * A note is there before anything is broken and until it is undone. Not forced to disk: a machine that loses its power loses the processes too.
 */
final class FaultNotes {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    FaultNotes(StateFolder folder) {
        this.folder = folder.path().resolve("faults");
    }

    /** A fault that was not undone. */
    record Note(String kind, String target) {}

    void write(long number, FaultOrder order) {
        Path file = file(number);
        try {
            Files.createDirectories(folder);
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.write(next, JSON.writeValueAsBytes(new Note(order.kind().word(), order.target())));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "nothing is broken, for it could not be noted what to undo: " + file + ": " + e.getMessage(), e);
        }
    }

    void delete(long number) {
        delete(file(number));
    }

    /** Those that an earlier Banyan left; each is gone with this. What cannot be read is passed over. */
    List<Note> takeLeft() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Note> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".json")) {
                    read(file, left);
                }
                delete(file);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot list the faults that were not undone, in " + folder + ": " + e.getMessage(), e);
        }
        return left;
    }

    private static void read(Path file, List<Note> into) throws IOException {
        try {
            JsonNode note = JSON.readTree(Files.readString(file));
            into.add(new Note(note.path("kind").asString(""), note.path("target").asString("")));
        } catch (JacksonException damaged) {
            // Written whole or not at all; what is here is none of ours.
        }
    }

    private Path file(long number) {
        return folder.resolve(number + ".json");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
