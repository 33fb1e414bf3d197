package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Problem;
import dev.banyan.topology.file.Reading;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.util.ArrayList;
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

@Command(name = "validate", description = "Reads a site file and says everything that is wrong with it, with line and place; what it says of tables too, if the site runs.")
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
        Reading reading = against(site, SiteFile.read(site, name -> Optional.ofNullable(System.getenv(name))));
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

    /** What the site file says of tables is checked against those of the site, if it runs. */
    private static Reading against(Path siteFile, Reading reading) {
        if (!(reading instanceof Reading.Site(var topology, _, var lines))) {
            return reading;
        }
        List<Problem> problems = new ArrayList<>();
        try {
            topology.cache().url().ifPresent(SiteCache::supported);
        } catch (BanyanException e) {
            problems.add(new Problem(0, 0, "cache.url", e.getMessage()));
        }
        RunningEdge.lacking(topology.edge()).ifPresent(why -> problems.add(new Problem(0, 0, "edge.memory", why)));
        problems.addAll(DeclaredTables.check(siteFile.toAbsolutePath().resolveSibling(Place.STATE), topology.cache().keys()));
        return problems.isEmpty() ? reading : new Reading.Problems(problems, lines);
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
