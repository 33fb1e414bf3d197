package dev.banyan.drill.tour;

import dev.banyan.drill.site.DrillReport;
import dev.banyan.topology.Decision;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tour as one HTML page that loads nothing: words and tables as they are, plots and drawings by scripts that it carries. */
final class TourPage {
    /** Nothing can be fetched, whatever the page holds. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' data:; img-src data:; base-uri 'none'; form-action 'none'";
    private static final Pattern IMPORT = Pattern.compile("(from\\s*|import\\s*\\(?\\s*)(['\"])\\./([\\w.-]+\\.js)\\2");

    private static final List<String> STAGE_HEADS = List.of("Stage", "Move", "Requests", "Failed", "p50 ms", "p99 ms", "At most /s", "p99 then", "Processes", "Memory", " Drills");
    private static final List<String> STEP_HEADS = List.of("From", " Step", " Stage", "Took", "Requests", "Failed", "p50 ms", "p99 ms");

    private final TourReport report;
    private final DrawingCode drawing;
    private final Html page = new Html();

    TourPage(TourReport report, DrawingCode drawing) {
        this.report = report;
        this.drawing = drawing;
    }

    String text() {
        head();
        summary();
        plots();
        stages();
        drawings();
        drills();
        steps();
        decisions();
        machine();
        scripts();
        return page.raw("</main>\n</body>\n</html>\n").toString();
    }

    private void head() {
        page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">\n<link rel=\"icon\" href=\"data:,\">\n<title>Banyan: a tour</title>\n")
                .raw("<style>" + PlotCode.style() + "\n" + PlotCode.own("tour.css") + drawing.style() + "</style>\n</head>\n<body>\n<main>\n");
    }

    private void summary() {
        List<String> reasons = report.reasons();
        page.raw("<header>\n").say("p class=\"verdict " + (reasons.isEmpty() ? "held" : "broken") + "\"", reasons.isEmpty() ? "held" : "did not hold");
        page.say("h1", "A tour from " + first() + " and back");
        page.say("p class=\"when\"", report.began().truncatedTo(ChronoUnit.SECONDS) + ", " + Figures.clock(report.seconds()) + " min, " + report.machine().cores() + " cores, " + report.machine().banyan()).raw("</header>\n");
        if (!reasons.isEmpty()) {
            page.raw("<ul class=\"reasons\">\n");
            reasons.forEach(reason -> page.say("li", reason));
            page.raw("</ul>\n");
        }
        page.raw("<section class=\"tiles\">\n");
        tile(Figures.count(report.requests()), "requests");
        tile(Figures.count(report.failedPlanned()), "failed in planned steps");
        report.load().ifPresent(load -> tile(Figures.count(load.writes().acknowledged()), "acknowledged writes"));
        report.load().ifPresent(load -> tile(Figures.count(load.writes().lost()), "of them lost"));
        List<DrillReport> drills = report.phases().stream().flatMap(phase -> phase.drill().stream()).toList();
        tile(drills.stream().filter(DrillReport::passed).count() + " of " + drills.size(), "drills held");
        page.raw("</section>\n");
    }

    /** As {@code stage 1 single server to stage 6 cdn}. */
    private String first() {
        List<Visit> visits = report.visits();
        return visits.isEmpty() ? "nowhere" : "stage " + visits.getFirst().stage().title() + " to stage " + report.options().to().title();
    }

    private void tile(String figure, String of) {
        page.raw("<div>").say("b", figure).say("span", of).raw("</div>\n");
    }

    private void plots() {
        page.raw("<section>\n").say("h2", "The whole tour");
        page.say("p class=\"note\"", "Each point is about a second. Shaded: the site at a stage, with its number. Grey lines: moves of the site. Red bands: something is broken on purpose. Blue bands: as many requests as it can take.");
        page.raw("<div class=\"plot\" id=\"plot-rate\" role=\"img\" aria-label=\"Requests a second over the tour\"></div>\n")
                .raw("<div class=\"plot\" id=\"plot-wait\" role=\"img\" aria-label=\"Half and 99 in 100 of the users' steps took at most this many milliseconds\"></div>\n")
                .raw("<div class=\"plot\" id=\"plot-failed\" role=\"img\" aria-label=\"Failed requests over the tour\"></div>\n")
                .raw("<noscript><p>The plots and the drawings are made by a script in this file; the tables below say the same.</p></noscript>\n</section>\n");
    }

    private void stages() {
        page.raw("<section>\n").say("h2", "Stage by stage").raw("<div class=\"scroll\"><table>\n").heads(STAGE_HEADS).raw("<tbody>\n");
        report.visits().forEach(visit -> page.row(STAGE_HEADS, List.of(visit.stage().title(), Figures.seconds(visit.moveSeconds()), Figures.count(visit.requests()), Figures.count(visit.failedPlanned()),
                visit.steady().map(phase -> Figures.ms(phase.p50Ms())).orElse(Figures.NONE), visit.steady().map(phase -> Figures.ms(phase.p99Ms())).orElse(Figures.NONE),
                visit.saturation().map(phase -> Figures.perSecond(phase.rate())).orElse(Figures.NONE), visit.saturation().map(phase -> Figures.ms(phase.p99Ms())).orElse(Figures.NONE),
                visit.facts().map(facts -> Integer.toString(facts.processes())).orElse(Figures.NONE), visit.facts().map(facts -> Figures.memory(facts.memoryBytes())).orElse(Figures.NONE),
                visit.drills().stream().map(drill -> drill.drill() + " " + Figures.verdict(drill)).collect(Collectors.joining(", ")))));
        page.raw("</tbody></table></div>\n");
        page.say("p class=\"note\"", "p50 and p99: of users' steps (a page with what it is made of), from when they were due, under steady load alone. At most: requests a second when all " + report.options().users()
                + " users ask at once, each as fast as it is answered; on this machine the load generator takes its share of the same cores. Failed: where none may, so not while something was broken on purpose. Memory: Banyan and all it started, "
                + "pages that processes share counted once.").raw("</section>\n");
    }

    private void drawings() {
        page.raw("<section>\n").say("h2", "What each stage is made of").raw("<div class=\"drawings\">\n");
        List<Visit> visits = report.visits();
        for (int i = 0; i < visits.size(); i++) {
            if (visits.get(i).facts().isPresent()) {
                page.raw("<figure>").say("figcaption", visits.get(i).stage().title()).raw("<div class=\"drawing\" data-visit=\"" + i + "\"></div></figure>\n");
            }
        }
        page.raw("</div>\n</section>\n");
    }

    private void drills() {
        if (report.phases().stream().noneMatch(phase -> phase.drill().isPresent())) {
            return;
        }
        page.raw("<section>\n").say("h2", "Drills");
        report.phases().forEach(phase -> phase.drill().ifPresent(drill -> drill(phase, drill)));
        page.raw("</section>\n");
    }

    private void drill(Phase phase, DrillReport drill) {
        page.raw("<details" + (drill.passed() ? "" : " open") + "><summary>").say("b class=\"" + (drill.passed() ? "good" : "bad") + "\"", Figures.verdict(drill));
        page.say("span", String.format(Locale.ROOT, "%s at stage %s: %s, detected after %s, healed after %s", drill.drill(), phase.stage().title(), drill.fault(), Figures.after(drill.times().detected()),
                Figures.after(drill.times().healed()))).raw("</summary>\n");
        page.say("p", drill.hypothesis()).raw("<ul class=\"checks\">\n");
        drill.checks().forEach(check -> page.say("li class=\"" + (check.held() ? "good" : "bad") + "\"", check.what() + ": " + check.seen()));
        drill.examples().forEach(example -> page.say("li", example));
        page.raw("</ul></details>\n");
    }

    private void steps() {
        page.raw("<section>\n").say("h2", "Step by step").raw("<div class=\"scroll\"><table>\n").heads(STEP_HEADS).raw("<tbody>\n");
        for (Phase phase : report.phases()) {
            page.row(STEP_HEADS, List.of(Figures.clock(phase.fromS()), phase.step().title() + (phase.problem().isEmpty() ? "" : ": " + phase.problem()), phase.stage().title(), Figures.seconds(phase.seconds()),
                    Figures.count(phase.requests()), Figures.count(phase.failed()) + (phase.failed() == 0 || phase.step().planned() ? "" : " *"), Figures.ms(phase.p50Ms()), Figures.ms(phase.p99Ms())));
        }
        page.raw("</tbody></table></div>\n");
        page.say("p class=\"note\"", "* while something was broken on purpose, or the site pressed: a drill's own promises say what may fail then.");
        report.phases().stream().flatMap(phase -> phase.firstFailures().stream()).limit(30).forEach(failed -> page.say("p class=\"failure\"",
                failed.at() + " " + failed.step() + ": " + failed.request() + " " + failed.kind() + (failed.instance().isEmpty() ? "" : " from " + failed.instance())));
        page.raw("</section>\n");
    }

    private void decisions() {
        page.raw("<section>\n").say("h2", "What Banyan decided by itself").raw("<ol class=\"decisions\">\n");
        for (Decision decision : report.decisions()) {
            page.raw("<li>").say("time", Figures.clock(ChronoUnit.MILLIS.between(report.began(), decision.at()) / 1_000.0)).say("b", decision.what()).say("span", decision.why()).say("small", decision.seen()).raw("</li>\n");
        }
        page.raw("</ol>\n</section>\n");
    }

    private void machine() {
        Machine machine = report.machine();
        page.raw("<section>\n").say("h2", "Where, and how to see it again").raw("<dl>\n");
        fact("Command", report.command());
        fact("Machine", machine.cores() + " cores, " + Figures.memory(machine.memoryBytes()) + ", " + machine.os());
        fact("Java", machine.java());
        fact("Banyan", machine.banyan());
        if (!machine.database().isEmpty()) {
            fact("Database", machine.database());
        }
        fact("Load", Figures.perSecond(report.options().rate()) + " steps of " + report.options().users() + " users a second, open loop, " + report.options().webSockets() + " WebSockets");
        report.load().ifPresent(load -> fact("Generator", Figures.count(load.late()) + " of " + Figures.count(load.arrivals()) + " steps went out over 10 ms late"));
        page.raw("</dl>\n</section>\n");
    }

    private void fact(String what, String value) {
        page.say("dt", what).say("dd", value);
    }

    private void scripts() {
        page.raw("<script type=\"application/json\" id=\"report\">" + Html.json(TourJson.of(report).toString()) + "</script>\n");
        page.raw("<script type=\"importmap\">" + Html.json(importMap()) + "</script>\n");
        page.raw("<script>" + PlotCode.script() + "</script>\n<script type=\"module\">" + PlotCode.own("tour.js") + "</script>\n");
    }

    /** Each module as an address that holds it. In there {@code './layout.js'} has nothing to be relative to, so they import each other by name. */
    private String importMap() {
        ObjectNode map = new JsonMapper().createObjectNode();
        ObjectNode imports = map.putObject("imports");
        for (Map.Entry<String, String> module : new TreeMap<>(drawing.modules()).entrySet()) {
            String named = IMPORT.matcher(module.getValue()).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + found.group(2) + "page/" + found.group(3) + found.group(2)));
            imports.put("page/" + module.getKey(), "data:text/javascript;base64," + Base64.getEncoder().encodeToString(named.getBytes(StandardCharsets.UTF_8)));
        }
        return map.toString();
    }
}
