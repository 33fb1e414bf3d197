package dev.banyan.cli;

import dev.banyan.console.monitoring.GrafanaDashboard;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "dashboard", description = "Prints a dashboard for Grafana: Dashboards, New, Import.")
final class DashboardCommand implements Callable<Integer> {
    private final Terminal terminal;

    DashboardCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.say(GrafanaDashboard.json().stripTrailing());
        return Failures.DONE;
    }
}
