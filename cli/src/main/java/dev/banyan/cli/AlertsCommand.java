package dev.banyan.cli;

import dev.banyan.console.monitoring.PrometheusRules;
import dev.banyan.telemetry.slo.Objective;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "alerts", description = "Prints alert rules for Prometheus, with what the site file promises (slo).")
final class AlertsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Place place = new Place();

    @Parameters(arity = "0..1", paramLabel = "SITE_FILE", description = "Default: site.yaml here, else the sample site.")
    private Optional<Path> file = Optional.empty();

    AlertsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path siteFile = file.orElseGet(place::siteFile);
        var site = SiteFile.read(siteFile, name -> Optional.ofNullable(System.getenv(name))).orThrow(siteFile.toString());
        terminal.say(PrometheusRules.yaml(Objective.of(site.slo())).stripTrailing());
        return Failures.DONE;
    }
}
