package dev.banyan.console;

import dev.banyan.telemetry.logs.LogQuestion;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** {@code GET /api/search}: lines of all logs. Each search keeps a core and the disk busy for up to a second: no more than {@value #MOST} run at once. */
final class Searches {
    static final int MOST = 4;
    private static final int LINES = 500;

    private final SiteView view;
    private final Semaphore places = new Semaphore(MOST);

    Searches(SiteView view) {
        this.view = view;
    }

    Answer answer(Call call) {
        LogQuestion question = question(call);
        if (!places.tryAcquire()) {
            return Answer.problem(ProblemJson.of(503, MOST + " searches of the logs are under way, the most there may be at once; each takes a second at most: search again then"), Map.of("Retry-After", "1"));
        }
        try {
            return Answer.json(200, view.search(question));
        } finally {
            places.release();
        }
    }

    private static LogQuestion question(Call call) {
        if (call.query("grep").isPresent() && call.query("regex").isPresent()) {
            throw new BanyanException(ErrorCode.USAGE, "give grep=TEXT or regex=EXPRESSION, not both");
        }
        return new LogQuestion(call.query("grep").or(() -> call.query("regex")).orElse(""), call.query("regex").isPresent(), since(call),
                word(call, "tier"), word(call, "name"), call.number("most", LINES, LogQuestion.MOST_LINES));
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
