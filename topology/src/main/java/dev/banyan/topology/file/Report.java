package dev.banyan.topology.file;

import dev.banyan.topology.Problem;
import java.util.List;

/**
 * Problems as a compiler prints them:
 *
 * <pre>
 * site.yaml:12:5: front-door.timeouts.conect: unknown key; did you mean 'connect'?
 *    12 |     conect: **
 *       |     ^
 * </pre>
 */
final class Report {
    private static final int LONGEST = 160;

    private Report() {}

    /** @param kind what stands after the place, as {@code "warning: "}; empty for what is wrong */
    static String of(String name, String kind, List<Problem> problems, List<String> lines) {
        StringBuilder report = new StringBuilder();
        for (Problem problem : problems) {
            report.append(place(name, problem)).append(": ").append(kind);
            report.append(problem.path().isEmpty() ? "" : problem.path() + ": ").append(problem.message()).append('\n');
            if (problem.line() > 0 && problem.line() <= lines.size()) {
                excerpt(report, problem, lines.get(problem.line() - 1));
            }
        }
        return report.toString();
    }

    private static String place(String name, Problem problem) {
        if (problem.line() == 0) {
            return name;
        }
        return name + ":" + problem.line() + (problem.column() == 0 ? "" : ":" + problem.column());
    }

    private static void excerpt(StringBuilder report, Problem problem, String line) {
        if (line.isBlank() || line.length() > LONGEST) {
            return;
        }
        report.append("%5d | %s\n".formatted(problem.line(), line));
        if (problem.column() > 0 && problem.column() <= line.length()) {
            report.append("      | ").append(" ".repeat(problem.column() - 1)).append("^\n");
        }
    }
}
