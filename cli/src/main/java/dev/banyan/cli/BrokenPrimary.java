package dev.banyan.cli;

import dev.banyan.drill.bank.Fault;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Breaks the primary of a running site's embedded database: kills all of its processes at odd times, freezes them at even ones. Owned by one thread.
 */
final class BrokenPrimary implements Fault {
    private final Path stateFolder;
    private final int replicas;
    private String broken = "";

    /** @param replicas how many there are when all is well */
    BrokenPrimary(Path stateFolder, int replicas) {
        this.stateFolder = stateFolder;
        this.replicas = replicas;
    }

    @Override
    public String strike(int number) throws InterruptedException {
        String primary = SiteServersSeen.up(nodes(), "database").map(node -> node.path("id").asString()).findFirst()
                .orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, "there is no primary to break"));
        String signal = number % 2 == 1 ? "KILL" : "STOP";
        send(signal, processesOf(primary));
        broken = primary;
        return "SIG" + signal + " of " + primary;
    }

    /** The broken one may look well for a moment still: another has to have taken its place. */
    @Override
    public boolean whole() {
        JsonNode nodes = nodes();
        return SiteServersSeen.up(nodes, "database").filter(node -> !node.path("id").asString().equals(broken)).count() == 1 && SiteServersSeen.up(nodes, "replica").count() == replicas;
    }

    private JsonNode nodes() {
        try (AdminClient client = AdminClient.of(stateFolder)) {
            return client.get("/api/site").path("nodes");
        }
    }

    /** The head first, so that it starts no more. */
    private List<String> processesOf(String server) {
        Path file = stateFolder.resolve("processes").resolve(server + ".json");
        try {
            long head = new JsonMapper().readTree(Files.readString(file)).path("pid").asLong();
            ProcessHandle process = ProcessHandle.of(head).orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, server + " (process " + head + ") does not run"));
            return Stream.concat(Stream.of(process), process.descendants()).map(each -> Long.toString(each.pid())).toList();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read which processes " + server + " has: " + file + ": " + e.getMessage(), e);
        }
    }

    private static void send(String signal, List<String> processes) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        command.addAll(processes);
        try {
            // One that has ended by itself meanwhile is as good as broken.
            new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "no signal can be sent: the command 'kill' cannot be started (" + e.getMessage() + ")", e);
        }
    }
}
