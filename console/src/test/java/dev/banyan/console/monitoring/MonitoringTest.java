package dev.banyan.console.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.telemetry.slo.Objective;
import dev.banyan.topology.Share;
import dev.banyan.topology.Slo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts and dashboard know only metrics that there are, their files are as they are made, and Prometheus' own tool sees each alert begin and not begin. */
class MonitoringTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<Objective> PROMISES = Objective.of(
            new Slo(Optional.of(new Share(.999)), Optional.of(new Slo.Latency(new Share(.99), Duration.ofMillis(300))), Duration.ofDays(30)));
    private static final Pattern METRIC = Pattern.compile("\\b(?:banyan|http|process|jvm)_[a-z0-9_]+(?::[a-z0-9_:]+)?");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9_]+)` \\|", Pattern.MULTILINE);

    @TempDir
    Path folder;

    @Test
    void theKeptFilesAreAsTheyAreMade() throws IOException {
        kept("docs/alerts.md", AlertsPage.markdown(PROMISES));
        kept("docs/monitoring/banyan.rules.yml", PrometheusRules.yaml(PROMISES));
        kept("docs/monitoring/banyan.dashboard.json", GrafanaDashboard.json());
    }

    private static void kept(String name, String made) throws IOException {
        Path file = ROOT.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
        }
        assertThat(file).as(name + " is made: mvn -pl console test -Dtest=MonitoringTest -Dgolden.update=true").hasContent(made);
    }

    /** The rows of docs/metrics.md are the metrics that main code registers: MetricsPageTest. */
    @Test
    void alertsAndDashboardKnowOnlyMetricsThatAreRegistered() throws IOException {
        Set<String> known = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/metrics.md")));
        while (row.find()) {
            known.add(row.group(1));
        }
        Set<String> used = new TreeSet<>();
        Matcher metric = METRIC.matcher(expressions());
        while (metric.find()) {
            if (!metric.group().contains(":")) {
                used.add(metric.group().replaceFirst("(_seconds)_(bucket|count|sum)$", "$1"));
            }
        }
        assertThat(used).hasSizeGreaterThan(30);
        assertThat(known).containsAll(used);
    }

    private static String expressions() {
        StringBuilder all = new StringBuilder();
        Alerts.of(PROMISES).forEach(alert -> all.append(alert.expression()).append('\n'));
        JsonMapper.shared().readTree(GrafanaDashboard.json()).findValuesAsString("expr").forEach(expression -> all.append(expression).append('\n'));
        return all.toString();
    }

    @Test
    void eachAlertSaysWhatToDo_andNamesTheDrillThatBringsItAbout() {
        assertThat(Alerts.of(PROMISES)).hasSizeGreaterThan(15).allSatisfy(alert -> {
            assertThat(alert.todo()).isNotBlank();
            assertThat(alert.drill()).isNotBlank();
            assertThat(alert.severity()).isIn("page", "ticket");
        });
        assertThat(Alerts.of(PROMISES)).extracting(Alert::name).doesNotHaveDuplicates();
        assertThat(Alerts.of(List.of())).noneMatch(alert -> alert.name().contains("Budget"));
    }

    @Test
    void theDashboardHasWhatGrafanaNeeds_andNoPanelLiesOnAnother() {
        JsonNode whole = JsonMapper.shared().readTree(GrafanaDashboard.json());
        assertThat(whole.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
        assertThat(whole.path("title").asString()).isEqualTo("Banyan");
        Set<String> cells = new TreeSet<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : whole.path("panels")) {
            JsonNode at = panel.path("gridPos");
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int i = 0; i < at.path("w").asInt() * at.path("h").asInt(); i++) {
                assertThat(cells.add((at.path("x").asInt() + i % at.path("w").asInt()) + "," + (at.path("y").asInt() + i / at.path("w").asInt()))).as(panel.path("title").asString()).isTrue();
            }
            if (!panel.path("type").asString().equals("row")) {
                assertThat(panel.path("targets")).isNotEmpty().allSatisfy(target -> assertThat(target.path("expr").asString()).isNotBlank());
                assertThat(panel.path("datasource").path("uid").asString()).isEqualTo("${datasource}");
                assertThat(panel.path("fieldConfig").path("defaults").path("unit").asString()).isNotBlank();
            }
        }
    }

    @Test
    void prometheusTakesTheRules_andEachAlertBeginsWithItsCauseAndNotWithout() throws Exception {
        assumeTrue(there(), "promtool is not here: Debian's package prometheus has it");
        Files.writeString(folder.resolve("rules.yml"), PrometheusRules.yaml(PROMISES));
        Files.writeString(folder.resolve("bare.yml"), PrometheusRules.yaml(List.of()));
        assertThat(promtool("check", "rules", "rules.yml", "bare.yml")).contains("SUCCESS");
        StringBuilder tests = new StringBuilder("rule_files: [rules.yml]\nevaluation_interval: 5m\ntests:\n");
        Map<String, List<String>> causes = causes();
        assertThat(causes.keySet()).containsExactlyInAnyOrderElementsOf(Alerts.of(PROMISES).stream().map(Alert::name).toList());
        causes.forEach((name, series) -> tests.append(test(series, "count(ALERTS{alertname=\"" + name + "\",alertstate=\"firing\"})", true)));
        tests.append(test(healthy(), "count(ALERTS)", false));
        tests.append(test(burning("availability", 7), "count(ALERTS{alertname=\"BanyanBudgetAvailability1h\"})", false));
        tests.append(test(burning("availability", 5), "count(ALERTS{severity=\"page\"})", false));
        tests.append(test(List.of("banyan_slo_answers_total{slo=\"availability\"}|0+0.01x700", "banyan_slo_bad_answers_total{slo=\"availability\"}|0+0.005x700"), "count(ALERTS)", false));
        Files.writeString(folder.resolve("tests.yml"), tests);
        assertThat(promtool("test", "rules", "tests.yml")).contains("SUCCESS");
    }

    private static String test(List<String> series, String expression, boolean one) {
        StringBuilder out = new StringBuilder("  - interval: 1m\n    input_series:\n");
        for (String each : series) {
            String[] parts = each.split("\\|");
            out.append("      - { series: '").append(parts[0]).append("', values: '").append(parts[1]).append("' }\n");
        }
        return out.append("    promql_expr_test:\n      - expr: '").append(expression).append("'\n        eval_time: 690m\n        exp_samples: ")
                .append(one ? "[{ labels: '{}', value: 1 }]" : "[]").append('\n').toString();
    }

    private static List<String> burning(String slo, double times) {
        double bad = times * (slo.equals("availability") ? .001 : .01) * 100_000;
        return List.of("banyan_slo_answers_total{slo=\"" + slo + "\"}|0+100000x700", "banyan_slo_bad_answers_total{slo=\"" + slo + "\"}|0+" + bad + "x700");
    }

    private static Map<String, List<String>> causes() {
        Map<String, List<String>> causes = new LinkedHashMap<>();
        for (String slo : List.of("availability", "latency")) {
            String name = "BanyanBudget" + (slo.equals("availability") ? "Availability" : "Latency");
            causes.put(name + "1h", burning(slo, 15));
            causes.put(name + "6h", burning(slo, 7));
            causes.put(name + "3d", burning(slo, 1.5));
        }
        causes.put("BanyanAway", List.of("up{job=\"banyan\"}|0x700"));
        causes.put("BanyanServerOut", List.of("banyan_server_state{server=\"web-1\"}|3x700", "banyan_server_state{server=\"web-2\"}|1x700"));
        causes.put("BanyanServersAllOut", List.of("banyan_server_state{server=\"web-1\"}|2x700"));
        causes.put("BanyanNoPrimary", List.of("banyan_database_primary|0x700"));
        causes.put("BanyanReplicaBehind", List.of("banyan_replica_lag_seconds{server=\"db-2\"}|40x700"));
        causes.put("BanyanWritesBehind", List.of("banyan_journal_lag_seconds|61x700"));
        causes.put("BanyanWritesRefusedByDatabase", List.of("banyan_journal_dead_letters_total|0+1x700"));
        causes.put("BanyanCacheNodeDown", List.of("banyan_cache_nodes_down|1x700"));
        causes.put("BanyanCacheWrong", List.of("banyan_cache_different_total{prefix=\"photo:\"}|0+1x700"));
        causes.put("BanyanEdgeSilent", List.of("banyan_edge_answers{edge=\"edge-1\"}|0x700"));
        causes.put("BanyanWalKept", List.of("banyan_changes_wal_kept_bytes{slot=\"banyan\"}|5000000000x700"));
        causes.put("BanyanDiskFilling", List.of("banyan_disk_free_bytes|9x700", "banyan_disk_size_bytes|100x700"));
        causes.put("BanyanCertificateEnding", List.of("banyan_certificate_ends_seconds{door=\"front-door\"}|1000000x700"));
        causes.put("BanyanLogLinesLost", List.of("banyan_log_lines_dropped_total{log=\"access\"}|0+1x700"));
        causes.put("BanyanBug", List.of("banyan_http_bugs_total|0+1x700"));
        return causes;
    }

    private static List<String> healthy() {
        List<String> all = new ArrayList<>(List.of("up{job=\"banyan\"}|1x700", "banyan_server_state{server=\"web-1\"}|1x700", "banyan_server_state{server=\"web-2\"}|4x700", "banyan_database_primary|1x700",
                "banyan_replica_lag_seconds{server=\"db-2\"}|2x700", "banyan_journal_lag_seconds|1x700", "banyan_journal_dead_letters_total|3x700", "banyan_cache_nodes_down|0x700",
                "banyan_cache_different_total{prefix=\"photo:\"}|0x700", "banyan_edge_answers{edge=\"edge-1\"}|1x700", "banyan_changes_wal_kept_bytes{slot=\"banyan\"}|16000000x700",
                "banyan_disk_free_bytes|50x700", "banyan_disk_size_bytes|100x700", "banyan_certificate_ends_seconds{door=\"front-door\"}|9000000x700",
                "banyan_log_lines_dropped_total{log=\"access\"}|5x700", "banyan_http_bugs_total|0x700"));
        all.addAll(burning("availability", .5));
        all.addAll(burning("latency", .5));
        return all;
    }

    private static boolean there() throws InterruptedException {
        try {
            return new ProcessBuilder("promtool", "--version").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor(60, TimeUnit.SECONDS);
        } catch (IOException absent) {
            return false;
        }
    }

    private String promtool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(words));
        Path out = folder.resolve("out.txt");
        Process tool = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertThat(tool.waitFor(240, TimeUnit.SECONDS)).as("promtool ends").isTrue();
        assertThat(tool.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }
}
