package dev.banyan.cli;

import dev.banyan.drill.bank.Fault;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Breaks what stands behind a running site's cache: kills one of its nodes at odd times, and the database's primary at even ones when there is another to take its place.
 * Owned by one thread.
 */
final class BrokenCache implements Fault {
    private static final String NODE = "cache-1";
    /** While it is being started. */
    private static final long NONE = 0;

    private final Path stateFolder;
    private final BrokenPrimary primary;
    private final boolean primaries;
    private long killed;
    private boolean byPrimary;

    /** @param replicas how many the database has when all is well; without one its primary is left alone */
    BrokenCache(Path stateFolder, int replicas) {
        this.stateFolder = stateFolder;
        this.primary = new BrokenPrimary(stateFolder, replicas);
        this.primaries = replicas > 0;
    }

    @Override
    public String strike(int number) throws InterruptedException {
        byPrimary = primaries && number % 2 == 0;
        if (byPrimary) {
            return primary.strike(1 + number % 4 / 2);
        }
        killed = process();
        ProcessHandle node = ProcessHandle.of(killed).orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, NODE + " (process " + killed + ") does not run"));
        Stream.concat(Stream.of(node), node.descendants()).forEach(ProcessHandle::destroyForcibly);
        return "SIGKILL of " + NODE;
    }

    /** A node is whole when it runs as another process. */
    @Override
    public boolean whole() {
        return byPrimary ? primary.whole() : process() != killed && process() != NONE && SiteServersSeen.up(nodes(), "cache").anyMatch(node -> node.path("id").asString().equals(NODE));
    }

    private JsonNode nodes() {
        try (AdminClient client = AdminClient.of(stateFolder)) {
            return client.get("/api/site").path("nodes");
        }
    }

    /** @return its id; {@link #NONE} while there is none */
    private long process() {
        Path file = stateFolder.resolve("processes").resolve(NODE + ".json");
        try {
            return new JsonMapper().readTree(Files.readString(file)).path("pid").asLong();
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read which process " + NODE + " is: " + file + ": " + e.getMessage(), e);
        }
    }
}
