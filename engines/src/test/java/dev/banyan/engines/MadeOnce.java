package dev.banyan.engines;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** A site whose first start is behind it, copied for each test that is not about the first start: making a database takes a second or more. */
final class MadeOnce {
    static final SiteName SITE = new SiteName("photo-site");
    private static final StateFolder FOLDER = make();

    private MadeOnce() {}

    static void into(StateFolder folder) throws IOException {
        UnpackedOnce.into(folder);
        copy(FOLDER.secrets(), folder.secrets());
        copy(FOLDER.postgres("db-1"), folder.postgres("db-1"));
        // Tests that run at the same time shall not want the same port.
        Files.delete(folder.postgres("db-1").resolve("port"));
    }

    private static StateFolder make() {
        StateFolder old = StateFolder.at(Path.of("target/made/.banyan"));
        Orphans.end(old, Clock.system());
        try {
            PostgresBinaries.deleteTree(old.path());
            try (Workplace place = new Workplace(Path.of("target/made"))) {
                UnpackedOnce.into(place.folder);
                new PostgresServers(place.supervisor, SITE, Databases.ANY_PORT, new FreePorts()).start(PostgresServers.FIRST).stop();
                UnpackedOnce.outOf(place.folder);
                return place.folder;
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the database that tests copy could not be made", e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.filter(path -> !path.equals(from)).toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
