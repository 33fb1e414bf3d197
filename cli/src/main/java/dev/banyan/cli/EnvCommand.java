package dev.banyan.cli;

import dev.banyan.topology.Secret;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "env", description = "Prints the variables that the application gets, its database's and its cache's password among them: eval \"$(banyan env)\" sets them in a shell.")
final class EnvCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Option(names = "--json", description = "Print them as JSON.")
    private boolean json;

    EnvCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Map<String, Secret> variables = new TreeMap<>(DatabaseAccess.find(place.stateFolder()).map(DatabaseAccess::variables).orElse(Map.of()));
        variables.putAll(CacheAccess.find(place.stateFolder()).map(CacheAccess::variables).orElse(Map.of()));
        if (variables.isEmpty()) {
            DatabaseAccess.of(place.stateFolder());
        }
        if (json) {
            ObjectNode node = new JsonMapper().createObjectNode();
            variables.forEach((name, value) -> node.put(name, value.reveal()));
            terminal.say(node.toPrettyString());
        } else {
            variables.forEach((name, value) -> terminal.say("export " + name + "=" + quoted(value.reveal())));
        }
        return Failures.DONE;
    }

    /** For a POSIX shell: within single quotes nothing means anything but the quote. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
