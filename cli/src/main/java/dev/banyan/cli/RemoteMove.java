package dev.banyan.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks a running site for a move: prints its plan, each step as it goes, and what changed. Owned by the verb's thread. */
final class RemoteMove {
    private final AdminClient client;
    private final Terminal terminal;
    private final boolean json;
    private final List<String> told = new ArrayList<>();
    private boolean planned;

    RemoteMove(AdminClient client, Terminal terminal, boolean json) {
        this.client = client;
        this.terminal = terminal;
        this.json = json;
    }

    /** Prints what would be done. */
    int plan(String query) {
        JsonNode plan = client.get("/api/plan?" + query);
        if (json) {
            terminal.say(plan.toPrettyString());
        } else {
            planText(plan).forEach(terminal::say);
            terminal.progress(terminal.faint("nothing was changed (--dry-run)"));
        }
        return Failures.DONE;
    }

    int make(String path, String body) {
        JsonNode end = client.move(path, body, this::progress);
        boolean done = end.path("state").asString().equals("done");
        if (json) {
            terminal.say(end.toPrettyString());
        } else if (done) {
            changed(end).forEach(terminal::say);
        }
        if (!done) {
            terminal.problem(end.path("problem").asString());
        }
        return done ? Failures.DONE : Failures.FAILED;
    }

    private void progress(JsonNode report) {
        if (!planned) {
            planned = true;
            planText(report.path("plan")).forEach(terminal::progress);
        }
        steps(report.path("plan"));
        notes(report.path("plan"));
    }

    private void steps(JsonNode plan) {
        int number = 0;
        for (JsonNode step : plan.path("steps")) {
            number++;
            String state = step.path("state").asString();
            String line = mark(state) + " " + step.path("title").asString() + detail(step);
            if (!state.equals("waiting") && !state.equals("running") && told.stream().noneMatch((number + line)::equals)) {
                told.add(number + line);
                terminal.progress("  " + line);
            }
        }
    }

    /** What was noticed on the way; the first note is the summary that was printed, and one that begins with the title tells the end. */
    private void notes(JsonNode plan) {
        for (int i = 1; i < plan.path("notes").size(); i++) {
            String note = plan.path("notes").get(i).asString();
            if (!note.startsWith(plan.path("title").asString()) && !told.contains(note)) {
                told.add(note);
                terminal.progress("  " + note);
            }
        }
    }

    private String mark(String state) {
        return switch (state) {
            case "done" -> terminal.green("done  ");
            case "failed" -> terminal.red("failed");
            case "undone" -> terminal.faint("undone");
            default -> state;
        };
    }

    private String detail(JsonNode step) {
        String detail = step.path("detail").asString();
        return detail.isEmpty() ? "" : terminal.faint("  " + detail.lines().findFirst().orElse(""));
    }

    private List<String> planText(JsonNode plan) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(plan.path("title").asString()));
        plan.path("notes").forEach(note -> lines.add("  " + note.asString()));
        int number = 0;
        for (JsonNode step : plan.path("steps")) {
            lines.add("%3d. %s".formatted(++number, step.path("title").asString()));
        }
        return lines;
    }

    private List<String> changed(JsonNode end) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.green("done: ") + end.path("plan").path("title").asString());
        if (end.path("plan").path("steps").isEmpty()) {
            return lines;
        }
        long requests = end.path("requests").asLong();
        lines.add(requests == 0
                ? "  no requests came meanwhile; send some with: banyan load"
                : "  %,d requests answered meanwhile, %,d failed; p99 %.1f ms before, %.1f ms meanwhile".formatted(requests, end.path("failed").asLong(),
                        end.path("p99BeforeMillis").asDouble(), end.path("p99Millis").asDouble()));
        lines.add(terminal.faint("  next: banyan status"));
        return lines;
    }
}
