package dev.banyan.http.gateway;

import java.util.ArrayList;
import java.util.List;

/** Writes an explanation as a terminal shows it. */
final class ExplanationText {
    private ExplanationText() {}

    static List<String> lines(Explanation said) {
        List<String> lines = new ArrayList<>();
        said.considered().forEach(one -> lines.add((one.taken() ? "route " : "not ") + one.route() + ": " + one.why()));
        if (said.route().isEmpty() && said.answer().isEmpty()) {
            lines.add("no route takes it");
        }
        said.checks().forEach(check -> lines.add("check: " + check));
        if (!said.answer().isEmpty()) {
            lines.add("answered here: " + said.answer());
        } else if (!said.service().isEmpty()) {
            lines.add("service " + said.service() + " gets " + said.target());
        }
        if (!said.mirror().isEmpty()) {
            lines.add("service " + said.mirror() + " gets a copy");
        }
        said.request().forEach(change -> lines.add("request header " + change));
        said.response().forEach(change -> lines.add("answer header " + change));
        return List.copyOf(lines);
    }
}
