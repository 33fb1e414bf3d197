package dev.banyan.cli;

import dev.banyan.topology.Problem;
import dev.banyan.topology.file.Reading;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "validate", description = "Reads a site file and says everything that is wrong with it, with line and place.")
final class ValidateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "SITE_FILE", description = "Default: site.yaml.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path site = file.orElseGet(place::siteFile);
        Reading reading = SiteFile.read(site, name -> Optional.ofNullable(System.getenv(name)));
        if (json) {
            terminal.say(json(reading).toPrettyString());
        } else {
            terminal.err().print(reading.report(site.toString()));
        }
        return switch (reading) {
            case Reading.Site right -> {
                if (!json) {
                    terminal.say(site + ": " + right.topology().site() + " at stage " + right.topology().stage().title() + ", all right");
                }
                yield Failures.DONE;
            }
            case Reading.Problems _ -> Failures.USAGE;
        };
    }

    private static ObjectNode json(Reading reading) {
        ObjectNode node = new JsonMapper().createObjectNode();
        switch (reading) {
            case Reading.Site(_, var warnings, _) -> {
                node.put("valid", true).putArray("problems");
                add(node.putArray("warnings"), warnings);
            }
            case Reading.Problems(var problems, _) -> {
                add(node.put("valid", false).putArray("problems"), problems);
                node.putArray("warnings");
            }
        }
        return node;
    }

    private static void add(ArrayNode array, List<Problem> problems) {
        problems.forEach(problem -> array.addObject().put("line", problem.line()).put("column", problem.column()).put("path", problem.path())
                .put("message", problem.message()));
    }
}
