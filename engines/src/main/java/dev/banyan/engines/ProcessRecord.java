package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A child process on disk, {@code .banyan/processes/NAME.json}: who it is, for a Banyan that did not start it. It names the program but not
 * its arguments, which may hold secrets.
 */
record ProcessRecord(String name, long pid, String birth, String program) {
    private static final Pattern FIELD = Pattern.compile("\"(pid|birth|program)\":\\s*(?:(\\d{1,18})|\"([^\"\\\\]*)\")");
    private static final String SUFFIX = ".json";

    /** Whether it is this very process, and not another that has its id now. */
    boolean is(SeenProcess process) {
        return pid == process.pid() && birth.equals(process.birth()) && !birth.equals(PortableProcesses.UNKNOWN);
    }

    void write(StateFolder folder) {
        String safe = program.replaceAll("[\"\\\\\\p{Cntrl}]", "_");
        try {
            AtomicFile.write(file(folder, name), "{\"pid\": %d, \"birth\": \"%s\", \"program\": \"%s\"}%n".formatted(pid, birth, safe));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the record of " + name + " cannot be written: " + Reason.of(e), e);
        }
    }

    static void delete(StateFolder folder, String name) {
        try {
            Files.deleteIfExists(file(folder, name));
        } catch (IOException stale) {
            // A record whose process is gone says nothing false: its birth matches no process.
        }
    }

    /** All that are there; what cannot be read as a record is passed over. */
    static List<ProcessRecord> all(StateFolder folder) {
        List<ProcessRecord> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.processes(), "*" + SUFFIX)) {
            for (Path file : files) {
                read(file).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the records in " + folder.processes() + " cannot be listed: " + Reason.of(e), e);
        }
        return found;
    }

    private static Optional<ProcessRecord> read(Path file) throws IOException {
        String name = file.getFileName().toString();
        long pid = 0;
        String birth = "";
        String program = "";
        Matcher fields = FIELD.matcher(Files.readString(file));
        while (fields.find()) {
            switch (fields.group(1)) {
                case "pid" -> pid = fields.group(2) == null ? 0 : Long.parseLong(fields.group(2));
                case "birth" -> birth = fields.group(3) == null ? "" : fields.group(3);
                default -> program = fields.group(3) == null ? "" : fields.group(3);
            }
        }
        return pid <= 1 || birth.isEmpty()
                ? Optional.empty()
                : Optional.of(new ProcessRecord(name.substring(0, name.length() - SUFFIX.length()), pid, birth, program));
    }

    private static Path file(StateFolder folder, String name) {
        return folder.processes().resolve(name + SUFFIX);
    }
}
