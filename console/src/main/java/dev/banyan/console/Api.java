package dev.banyan.console;

import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.Exposition;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The admin API: which path answers what. Knows nothing of sockets; who may ask was judged before. */
final class Api {
    private static final int DECISIONS = 200;
    private static final int LINES = 200;
    private static final int MOST_LINES = 10_000;
    private static final String NO_CACHE = "cache in use: the site has one from stage 5 on, with cache.kind: redis";

    private final SiteView view;
    private final Actions actions;
    private final Moves moves;
    private final Decisions decisions;
    private final Subjects subjects;
    private final Registry registry;
    private final Feed feed;
    private final FaultCalls faults;
    private final EdgeCalls edges;
    private final Searches searches;

    Api(SiteView view, Actions actions, Moves moves, Decisions decisions, Subjects subjects, Registry registry, Feed feed) {
        this.view = view;
        this.actions = actions;
        this.moves = moves;
        this.decisions = decisions;
        this.subjects = subjects;
        this.registry = registry;
        this.feed = feed;
        this.faults = new FaultCalls(actions.faults());
        this.edges = new EdgeCalls(actions.edges());
        this.searches = new Searches(view);
    }

    /** @throws BanyanException when the request makes no sense or cannot be done */
    Answer answer(Call call) {
        return switch (call.method()) {
            case "GET", "HEAD" -> read(call);
            case "POST" -> change(call);
            default -> Answer.problem(ProblemJson.of(405, "this API knows GET, HEAD and POST, not " + call.method()), Map.of("Allow", "GET, HEAD, POST"));
        };
    }

    private Answer read(Call call) {
        return switch (call.path()) {
            case "/health" -> Answer.json(200, Map.of("status", "up"));
            case "/metrics" -> metrics(call);
            case "/api/site" -> Answer.json(200, view.site());
            case "/api/session" -> Answer.json(200, Map.of("mayChange", call.mayChange(), "who", call.who()));
            case "/api/decisions" -> Answer.json(200, subjects.rows(decisions.latest(call.number("most", DECISIONS, Decisions.KEPT))));
            case "/api/logs" -> Answer.json(200, view.logs());
            case "/api/moves" -> Answer.json(200, moves.latest());
            case "/api/plan" -> Answer.json(200, actions.plan(MoveCalls.planned(call)));
            case "/api/statements" -> Answer.json(200, view.statements());
            case "/api/cache" -> Answer.json(200, view.cache().orElseThrow(() -> missing(NO_CACHE)));
            case "/api/explain" -> explain(call.query("sql").orElse(""), call.query("key").orElse(""));
            case "/api/history" -> HistoryAnswer.of(view.history(), call);
            case "/api/search" -> searches.answer(call);
            case "/api/stream" -> stream(call);
            case "/api/faults" -> faults.answer();
            default -> below(call);
        };
    }

    private Answer below(Call call) {
        String[] parts = call.path().split("/", -1);
        if (parts.length != 4 || !parts[1].equals("api")) {
            throw missing(call.path());
        }
        return switch (parts[2]) {
            case "logs" -> logLines(parts[3], call.number("lines", LINES, MOST_LINES));
            case "moves" -> Answer.json(200, move(parts[3]).orElseThrow(() -> missing("move " + parts[3])));
            case "faults" -> faults.find(parts[3]);
            default -> throw missing(call.path());
        };
    }

    private Optional<MoveReport> move(String number) {
        return number.matches("[0-9]{1,18}") ? moves.find(Long.parseLong(number)) : Optional.empty();
    }

    private Answer change(Call call) {
        return switch (call.path()) {
            case "/api/grow", "/api/deploy", "/api/apply", "/api/switchover" -> move(MoveCalls.asked(call), call);
            case "/api/purge" -> edges.purge(call);
            case "/api/faults" -> faults.inject(call);
            case "/api/load" -> send(Trickle.of(call.body()), call);
            case "/api/edges" -> edges.join(call);
            case "/api/explain/request" -> Answer.json(200, view.explain(RequestQuestion.of(call.body())));
            case "/api/explain" -> explain(text(call.body().get("sql")), text(call.body().get("key")));
            default -> changeOne(call);
        };
    }

    /** {@code /api/KIND/NAME/VERB}. */
    private Answer changeOne(Call call) {
        String[] parts = call.path().split("/", -1);
        if (parts.length != 5 || !parts[1].equals("api")) {
            throw missing(call.path());
        }
        return switch (parts[2] + " " + parts[4]) {
            case "servers drain" -> move(new Move.Drain(parts[3]), call);
            case "servers undrain" -> move(new Move.Undrain(parts[3]), call);
            case "edges poll" -> edges.poll(parts[3], call);
            case "edges leave" -> edges.leave(parts[3]);
            case "faults lift" -> faults.lift(parts[3], call);
            default -> throw missing(call.path());
        };
    }

    private Answer send(Trickle trickle, Call call) {
        actions.send(trickle, call.who());
        return Answer.json(202, trickle);
    }

    /** Begins it and answers at once; or, for who accepts JSON lines, tells each step until it is over. */
    private Answer move(Move move, Call call) {
        if (call.accept().contains(MoveLines.TYPE)) {
            MoveLines lines = new MoveLines(moves, move, call.who());
            return new Answer.Stream(MoveLines.TYPE, lines, lines::close);
        }
        MoveReport begun = moves.begin(move, call.who());
        return Answer.json(202, begun, Map.of("Location", "/api/moves/" + begun.number()));
    }

    private Answer explain(String sql, String key) {
        if (sql.isBlank() == key.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, "say the statement or the key: /api/explain?sql=select+1, or {\"sql\": \"select 1\"}, or {\"key\": \"user:42\"}");
        }
        return key.isEmpty()
                ? Answer.json(200, view.explain(sql).orElseThrow(() -> missing("database in this site")))
                : Answer.json(200, view.explainKey(key).orElseThrow(() -> missing(NO_CACHE)));
    }

    private static String text(JsonNode node) {
        return Optional.ofNullable(node).filter(JsonNode::isString).map(JsonNode::stringValue).orElse("");
    }

    private Answer metrics(Call call) {
        Exposition exposition = Exposition.of(registry.snapshot(), call.accept());
        return new Answer.Bytes(200, exposition.contentType(), exposition.body(), Map.of());
    }

    private Answer logLines(String name, int lines) {
        List<String> found = view.logLines(name, lines).orElseThrow(() -> missing("log '" + name + "'; there are " + view.logs()));
        return Answer.json(200, Map.of("name", name, "lines", found));
    }

    private Answer stream(Call call) {
        if (!call.method().equals("GET")) {
            return Answer.problem(ProblemJson.of(405, "the stream is read with GET"), Map.of("Allow", "GET"));
        }
        if (!feed.enter()) {
            return Answer.problem(
                    ProblemJson.of(503, Feed.MOST_READERS + " readers follow the stream, the most there may be; close a page"), Map.of("Retry-After", "5"));
        }
        return new Answer.Stream("text/event-stream", out -> feed.serve(out, this::firstEvents), feed::leave);
    }

    private byte[][] firstEvents() {
        Site site = view.site();
        subjects.note(site);
        return new byte[][] {
            Feed.encode("site", Json.write(site)),
            Feed.encode("decisions", Json.write(subjects.rows(decisions.latest(DECISIONS)))),
            Feed.encode("moves", Json.write(moves.latest())),
            Feed.encode("faults", Json.write(faults.all()))
        };
    }

    private static BanyanException missing(String what) {
        return new BanyanException(ErrorCode.NO_SUCH_THING, "there is no " + what);
    }
}
