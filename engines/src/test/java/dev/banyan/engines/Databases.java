package dev.banyan.engines;

import dev.banyan.topology.Database;
import dev.banyan.topology.file.SiteFile;
import java.util.Optional;

/** An embedded database with the site file's defaults, for tests. */
final class Databases {
    static final Database ANY_PORT = onPort(0);

    private Databases() {}

    static Database onPort(int port) {
        String file = "site: any\napplication: { command: [any] }\ndatabase: { kind: postgresql, port: " + port + " }\n";
        return SiteFile.read(file, name -> Optional.empty()).orThrow("a test's site file").database();
    }
}
