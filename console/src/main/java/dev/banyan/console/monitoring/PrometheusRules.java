package dev.banyan.console.monitoring;

import dev.banyan.telemetry.slo.BurnRule;
import dev.banyan.telemetry.slo.Objective;
import dev.banyan.topology.Durations;
import java.util.List;

/** A file of rules as Prometheus reads it: {@code rule_files} names it. */
public final class PrometheusRules {
    private PrometheusRules() {}

    /** @param promises of the site; without any the file has the other alerts */
    public static String yaml(List<Objective> promises) {
        StringBuilder out = new StringBuilder("# Made by 'banyan alerts'. What to do about each, and how to try it: docs/alerts.md.\ngroups:\n");
        if (!promises.isEmpty()) {
            out.append("  - name: banyan-slo-ratios\n    rules:\n");
            for (var window : BurnRule.WINDOWS) {
                String of = Durations.format(window);
                out.append("      - record: banyan_slo:bad_answers:ratio_rate").append(of).append("\n        expr: ")
                        .append(quoted("sum by (slo) (rate(banyan_slo_bad_answers_total[" + of + "])) / sum by (slo) (rate(banyan_slo_answers_total[" + of + "]))")).append('\n');
            }
        }
        out.append("  - name: banyan\n    rules:\n");
        Alerts.of(promises).forEach(alert -> alert(alert, out));
        return out.toString();
    }

    private static void alert(Alert alert, StringBuilder out) {
        out.append("      - alert: ").append(alert.name()).append("\n        expr: ").append(quoted(alert.expression())).append('\n');
        if (!alert.lasts().isEmpty()) {
            out.append("        for: ").append(alert.lasts()).append('\n');
        }
        out.append("        labels: { severity: ").append(alert.severity()).append(" }\n        annotations:\n")
                .append("          summary: ").append(quoted(alert.summary())).append('\n')
                .append("          runbook: ").append(quoted(alert.todo())).append('\n')
                .append("          drill: ").append(quoted(alert.drill())).append('\n');
    }

    /** In YAML's single quotes nothing but they themselves means anything. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
