package dev.banyan.bench.patroni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A node: a Patroni and the PostgreSQL that it runs.
 *
 * @param port of its PostgreSQL
 * @param api port of its own HTTP API
 */
record PatroniNode(String name, Path folder, int port, int api) {
    static final String PASSWORD = "bench";

    /** Where Debian keeps the newest PostgreSQL's programs that Patroni is to use. */
    static Optional<Path> binaries() throws IOException {
        Path all = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(all)) {
            return Optional.empty();
        }
        try (var versions = Files.list(all)) {
            return versions.map(version -> version.resolve("bin")).filter(bin -> Files.isExecutable(bin.resolve("initdb"))).max(Path::compareTo);
        }
    }

    /**
     * Writes its settings: Patroni's defaults for how long a lease lasts and how often it is looked after, and, as with Banyan, every commit waits
     * for one standby.
     *
     * @return the command that starts it
     */
    List<String> command(int etcd, Path binaries) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                scope: bench
                name: %1$s
                restapi: { listen: "127.0.0.1:%2$d", connect_address: "127.0.0.1:%2$d" }
                etcd3: { host: "127.0.0.1:%3$d" }
                bootstrap:
                  dcs:
                    ttl: 30
                    loop_wait: 10
                    retry_timeout: 10
                    maximum_lag_on_failover: 1048576
                    synchronous_mode: true
                    postgresql: { use_pg_rewind: true, parameters: { max_connections: 100 } }
                  initdb: [ { encoding: UTF8 }, { locale: C }, data-checksums ]
                  pg_hba:
                    - host all all 127.0.0.1/32 scram-sha-256
                    - host replication all 127.0.0.1/32 scram-sha-256
                postgresql:
                  listen: "127.0.0.1:%4$d"
                  connect_address: "127.0.0.1:%4$d"
                  data_dir: "%5$s"
                  bin_dir: "%6$s"
                  pgpass: "%7$s/%1$s.pgpass"
                  authentication:
                    superuser: { username: postgres, password: %8$s }
                    replication: { username: replicator, password: %8$s }
                  parameters: { unix_socket_directories: "%7$s" }
                """.formatted(name, api, etcd, port, data(), binaries, folder, PASSWORD));
        return List.of("patroni", file.toString());
    }

    private Path data() {
        return folder.resolve(name);
    }

    /** The PostgreSQL that runs there now. */
    Optional<ProcessHandle> postmaster() throws IOException {
        Path file = data().resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readString(file).lines().findFirst().map(String::strip).map(Long::valueOf).flatMap(ProcessHandle::of)
                // A file that a killed server left may name another program by now.
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    }
}
