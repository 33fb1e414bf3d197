package dev.banyan.cli;

import dev.banyan.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "schema", description = "Prints the JSON schema of site files, for editors.")
final class SchemaCommand implements Callable<Integer> {
    private final Terminal terminal;

    SchemaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (InputStream schema = Topology.class.getResourceAsStream("banyan.schema.json")) {
            if (schema == null) {
                throw new IllegalStateException("banyan.schema.json is not in the topology jar");
            }
            schema.transferTo(terminal.out());
            terminal.out().flush();
        }
        return Failures.DONE;
    }
}
