package dev.banyan.console;

import dev.banyan.telemetry.logs.LogQuestion;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** {@code GET /api/search}: lines of all logs. */
final class SearchAnswer {
    private static final int LINES = 500;

    private SearchAnswer() {}

    static Answer of(SiteView view, Call call) {
        if (call.query("grep").isPresent() && call.query("regex").isPresent()) {
            throw new BanyanException(ErrorCode.USAGE, "give grep=TEXT or regex=EXPRESSION, not both");
        }
        return Answer.json(200, view.search(new LogQuestion(call.query("grep").or(() -> call.query("regex")).orElse(""), call.query("regex").isPresent(), since(call),
                word(call, "tier"), word(call, "name"), call.number("most", LINES, LogQuestion.MOST_LINES))));
    }

    private static Optional<String> word(Call call, String name) {
        return call.query(name).filter(value -> !value.isEmpty());
    }

    private static Optional<Duration> since(Call call) {
        return word(call, "since").map(text -> {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new BanyanException(ErrorCode.USAGE, "since says how far back: " + e.getMessage());
            }
        });
    }
}
