package dev.banyan.bench.cache;

import dev.banyan.bench.bed.TestBed;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** twemproxy, which Debian calls nutcracker: one thread, a ketama ring, one connection to each server, and its defaults for all that is not said here. */
final class Nutcracker {
    static final String PROGRAM = "nutcracker";

    private Nutcracker() {}

    static List<String> command(TestBed bed, int port, HostPort server) throws IOException {
        Path file = bed.folder().resolve("nutcracker.yml");
        Files.writeString(file, """
                bench:
                  listen: 127.0.0.1:%d
                  redis: true
                  hash: fnv1a_64
                  distribution: ketama
                  servers:
                   - %s:%d:1 cache-1
                """.formatted(port, server.host(), server.port()));
        return List.of(PROGRAM, "-c", file.toString(), "-a", "127.0.0.1", "-s", String.valueOf(TestBed.freePort()), "-p", bed.folder().resolve("nutcracker.pid").toString());
    }
}
