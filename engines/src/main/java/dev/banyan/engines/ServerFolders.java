package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folders of all embedded servers, {@code .banyan/postgresql/db-N}. What is deleted or set aside changes its name first, in one step. */
record ServerFolders(Path root) {
    /** What the one server of earlier versions was called. */
    private static final String EARLIER_NAME = "primary";
    private static final String NAME = "db-[1-9]\\d{0,8}";
    private static final String GONE = ".gone";
    private static final String OLD = ".old-";

    /** Finishes what was cut off, and gives an earlier version's folder its name. */
    static ServerFolders open(StateFolder home) {
        ServerFolders folders = new ServerFolders(home.postgres());
        try {
            Path earlier = folders.root.resolve(EARLIER_NAME);
            Path first = folders.root.resolve(PostgresServers.FIRST);
            if (Files.exists(earlier) && !Files.exists(first)) {
                Files.move(earlier, first, StandardCopyOption.ATOMIC_MOVE);
            }
            for (Path gone : folders.named(".*\\" + GONE)) {
                PostgresBinaries.deleteTree(gone);
            }
            for (Path server : folders.named(NAME)) {
                PostgresBinaries.deleteTree(folders.of(server.getFileName().toString()).unfinished());
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the folders of the servers in " + folders.root + " cannot be looked through: " + Reason.of(e), e);
        }
        return folders;
    }

    ServerFolder of(String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException("an embedded server is called db-1, db-2, ..., not '" + name + "'");
        }
        return new ServerFolder(name, root.resolve(name));
    }

    /** Those with data, by number. */
    List<String> known() {
        try {
            return named(NAME).stream()
                    .map(path -> path.getFileName().toString())
                    .filter(name -> of(name).hasData())
                    .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring("db-".length()))))
                    .toList();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the folders of the servers in " + root + " cannot be listed: " + Reason.of(e), e);
        }
    }

    /** Out of the way, but there; returns where. */
    Path setAside(ServerFolder folder, long epoch) {
        try {
            Path where = root.resolve(folder.name() + OLD + epoch);
            for (int again = 2; Files.exists(where); again++) {
                where = root.resolve(folder.name() + OLD + epoch + "-" + again);
            }
            Files.move(folder.path(), where, StandardCopyOption.ATOMIC_MOVE);
            Files.createDirectories(folder.path());
            // The same port again: its clients know it.
            if (Files.exists(where.resolve(folder.port().getFileName()))) {
                Files.copy(where.resolve(folder.port().getFileName()), folder.port());
            }
            return where;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, folder.path() + " cannot be set aside: " + Reason.of(e), e);
        }
    }

    /** Deletes what was set aside of a server; false when there was nothing. */
    boolean deleteSetAside(String name) {
        try {
            List<Path> old = named(name + "\\" + OLD + "\\d+(-\\d+)?");
            for (Path each : old) {
                delete(each);
            }
            return !old.isEmpty();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "what was set aside of " + name + " in " + root + " cannot be deleted: " + Reason.of(e), e);
        }
    }

    void delete(String name) {
        deleteSetAside(name);
        try {
            delete(of(name).path());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, of(name).path() + " cannot be deleted: " + Reason.of(e), e);
        }
    }

    /** The data of a stopped server are a standby's from now on. */
    void makeStandby(ServerFolder folder, ReplicationConf.Source source, RunAs runAs) {
        try {
            ReplicationConf.ALONE.from(source).write(folder.data(), runAs);
            AtomicFile.write(folder.standbySignal(), "");
            runAs.own(folder.standbySignal());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, folder.name() + " cannot be made a standby: " + Reason.of(e), e);
        }
    }

    private void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Path gone = folder.resolveSibling(folder.getFileName() + GONE);
            PostgresBinaries.deleteTree(gone);
            Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
            PostgresBinaries.deleteTree(gone);
        }
    }

    private List<Path> named(String pattern) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(path -> path.getFileName().toString().matches(pattern)).toList();
        }
    }
}
