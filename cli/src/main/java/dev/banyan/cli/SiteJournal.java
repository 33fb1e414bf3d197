package dev.banyan.cli;

import dev.banyan.cache.journal.Figures;
import dev.banyan.cache.journal.Setup;
import dev.banyan.cache.journal.WriteBehindJournal;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Cache;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The journal of the site's write-behind, in {@code .banyan/cache/journal}, which goes to the database through the PostgreSQL router. Safe for any thread. */
record SiteJournal(WriteBehindJournal writes, Path folder) implements AutoCloseable {
    /** A batch has a minute; what is silent for longer is gone. */
    private static final int ANSWER_SECONDS = 70;
    private static final int CONNECT_SECONDS = 5;

    /** Opens it; the database need not answer yet. @throws BanyanException DISK, SITE_IS_HELD */
    static SiteJournal open(Ground at, Cache cache, DatabaseEndpoint database) {
        return new SiteJournal(WriteBehindJournal.open(new Setup(folder(at), cache.writeBehind(), cache.router().timeouts().answer(),
                () -> DriverManager.getConnection(url(database), properties(database)), at.loops(), at.clock(), Loops.random(Loops.secrets().nextLong()), at.registry(), at.decisions()::announce)), folder(at));
    }

    private static Path folder(Ground at) {
        return at.folder().path().resolve("cache").resolve("journal");
    }

    /** Whether one was left there whose writes may not all be in the database. */
    static boolean isLeft(Ground at) {
        return Files.isDirectory(folder(at));
    }

    /** {@code jdbc:postgresql://HOST:PORT/NAME}, without user and password. */
    static String url(DatabaseEndpoint endpoint) {
        String tls = endpoint.parameters().containsKey("sslmode") ? "?sslmode=" + endpoint.parameters().get("sslmode") : "";
        return "jdbc:postgresql://" + endpoint.address() + "/" + endpoint.database() + tls;
    }

    private static Properties properties(DatabaseEndpoint endpoint) {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password().reveal());
        properties.setProperty("ApplicationName", "banyan journal");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", String.valueOf(ANSWER_SECONDS));
        return properties;
    }

    /** How many writes that were acknowledged before are not in the database when the time is over. */
    long drain(Duration atMost) {
        return writes.drain(atMost) ? 0 : Math.max(1, writes.figures().writes());
    }

    Figures figures() {
        return writes.figures();
    }

    /** What is not in the database stays in the folder. */
    @Override
    public void close() {
        writes.close();
    }

    /**
     * Closes it for good: an empty one is deleted, one with anything in it stays. Who wrote until the router closed is waited for.
     *
     * @return how many writes are not in the database when the time is over
     */
    long leave(Duration atMost) {
        if (writes.finish(atMost)) {
            delete();
            return 0;
        }
        return Math.max(1, writes.figures().writes());
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.toList();
            for (Path each : all.reversed()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the empty journal in " + folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}
