package dev.banyan.console.monitoring;

import dev.banyan.telemetry.slo.Objective;
import java.util.List;

/** The alerts as a page of the documents. */
public final class AlertsPage {
    private static final String HEAD = """
            # Alerts

            `banyan alerts > banyan.rules.yml` prints the rules for Prometheus with the promises of the site file (`slo`); `banyan dashboard > banyan.json` prints a dashboard for Grafana. Both are made
            from the metrics that Banyan registers: a renamed one fails the build. Those for the promises below are kept as [monitoring/banyan.rules.yml](monitoring/banyan.rules.yml) and
            [monitoring/banyan.dashboard.json](monitoring/banyan.dashboard.json). This page is made, too: `mvn -pl console test -Dtest=MonitoringTest -Dgolden.update=true`.

            ```yaml
            slo: { availability: 99.9%, latency: { share: 99%, within: 300ms }, window: 30d }
            ```

            ## Promises
            What is counted is what users are answered, at the front door and at every edge, by the minute, in `.banyan/slo.minutes` (48 bytes a minute, 2 MB for 30 days): it outlives
            restarts and a killed Banyan, which loses at most five seconds. A minute that was torn on disk is left out and said; a file that cannot be understood is put aside, and counting begins anew.
            An answer with 5xx breaks `availability`; of the others, one that took longer than `within` breaks `latency` (told by a histogram that is exact to 1.6 %). Upgraded connections (101) count for neither.
            When `within` changes, latencies are counted anew. An edge elsewhere reports every 20 s at most, and what it answered between the site's last start and its first report does not count.

            A burn rate of 1 uses the budget up in just the promise's window. Banyan itself says as a Decision when a burn alert begins and ends, Prometheus or not: `page` at 14.4 times over 1 h and 5 min, and at
            6 times over 6 h and 30 min, `ticket` at once over 3 d and 6 h (The Site Reliability Workbook, table 5-8, meant for 30 days); it ends a tenth below. With fewer than ten broken answers over the
            longer time nobody is woken: with few requests, one would do. The rules use `banyan_slo_*` and not `http_server_request_duration_seconds`: from stage 6 on the front door is not who
            answers users, and the bound of a promise is none of that histogram's.

            ## All of them
            | alert | severity | when | what to do | the drill that brings it about |
            | --- | --- | --- | --- | --- |
            """;

    private AlertsPage() {}

    public static String markdown(List<Objective> promises) {
        StringBuilder page = new StringBuilder(HEAD);
        for (Alert alert : Alerts.of(promises)) {
            page.append("| `").append(alert.name()).append("` | ").append(alert.severity()).append(" | `").append(cell(alert.expression())).append('`')
                    .append(alert.lasts().isEmpty() ? "" : " for " + alert.lasts()).append(" | ").append(cell(alert.todo())).append(" | `").append(cell(alert.drill())).append("` |\n");
        }
        return page.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
