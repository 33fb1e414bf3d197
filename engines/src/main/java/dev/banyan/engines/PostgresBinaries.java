package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs, unpacked from the class path into {@code .banyan/engines/postgresql-VERSION-SYSTEM}: beside the site and not in the
 * user's home, so that a site is one folder that can be deleted. The folder is there whole or not at all.
 *
 * @param folder holds bin, lib and share
 * @param version as {@code 17.11}
 */
record PostgresBinaries(Path folder, String version) {
    private static final String UNFINISHED = ".unfinished";

    static PostgresBinaries unpack(StateFolder home) {
        String version = versionOnClassPath();
        String system = system();
        Path folder = home.engines().resolve("postgresql-" + version + "-" + system);
        try {
            if (!Files.exists(folder)) {
                deleteUnfinished(home.engines());
                Path unfinished = folder.resolveSibling(folder.getFileName() + UNFINISHED);
                unpack(system, unfinished);
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (AtomicMoveNotSupportedException e) {
            throw new BanyanException(ErrorCode.DISK, "the file system of " + home + " cannot rename a folder", e);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "PostgreSQL " + version + " cannot be unpacked into " + folder + ", which needs 60 MB: " + Reason.of(e), e);
        }
        return new PostgresBinaries(folder, version);
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /** What a data folder's PG_VERSION says: {@code 17} of {@code 17.11}. */
    String major() {
        return version.substring(0, version.indexOf('.'));
    }

    private static String versionOnClassPath() {
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("postgresql.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            // The artifact's third number counts its own packagings; PostgreSQL has two.
            String[] numbers = properties.getProperty("version").split("\\.");
            return numbers[0] + "." + numbers[1];
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.INTERNAL, "the build left no postgresql.properties", e);
        }
    }

    /** As {@code linux-x86_64}: the archives' own names. */
    private static String system() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.contains("mac") ? "darwin" : os) + "-" + (arch.equals("aarch64") ? "arm_64" : "x86_64");
    }

    private static void unpack(String system, Path into) throws IOException {
        Files.createDirectories(into);
        String archive = "/postgres-" + system + ".txz";
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (packed == null) {
                throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "there is no PostgreSQL for " + system
                        + " on the class path; name one that runs already by database.url, or build Banyan on this system");
            }
            TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)));
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, into);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path into) throws IOException {
        Path target = into.resolve(entry.getName()).normalize();
        if (!target.startsWith(into)) {
            throw new IOException("the archive holds " + entry.getName() + ", which leaves its folder");
        }
        Files.createDirectories(entry.isDirectory() ? target : target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(content, target);
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static void deleteUnfinished(Path engines) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(engines, "*" + UNFINISHED)) {
            for (Path leftover : leftovers) {
                deleteTree(leftover);
            }
        }
    }

    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        for (Path path : all.reversed()) {
            Files.delete(path);
        }
    }
}
