package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Decisions;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A made-up site that lives: traffic swells and falls, it grows and shrinks, servers fall sick. For tests and for drawing the page. */
final class LivingSite implements SiteView, Actions {
    private final Clock clock;
    private final Decisions decisions;
    private final Duration step;
    private final Map<String, Site.Health> servers = new TreeMap<>();
    private int stage = 1;
    private double load;
    private double failedShare;
    private long requests;
    private long lastNanos;

    /** @param step how long each step of a move takes */
    LivingSite(Clock clock, Decisions decisions, Duration step) {
        this.clock = clock;
        this.decisions = decisions;
        this.step = step;
        this.lastNanos = clock.nanos();
        servers.put("web-1", Site.Health.UP);
    }

    /** Users come: so many requests a second, give or take a fifth. */
    synchronized LivingSite load(double requestsASecond) {
        load = requestsASecond;
        return this;
    }

    /** So many of all answers, 0 to 1, are failures from now on. */
    synchronized LivingSite failing(double share) {
        failedShare = share;
        return this;
    }

    synchronized LivingSite server(String name, Site.Health health) {
        servers.put(name, health);
        return this;
    }

    synchronized LivingSite stage(int number) {
        stage = number;
        return this;
    }

    @Override
    public synchronized Site site() {
        double rate = rate();
        List<Site.Node> nodes = new ArrayList<>();
        List<Site.Arrow> arrows = new ArrayList<>();
        nodes.add(node("users", "users", Site.Kind.USERS, "Users", "browsers and apps", Site.Health.UP, "", figures(rate, 1), false));
        nodes.add(node("front-door", "front-door", Site.Kind.FRONT_DOOR, "Front door", "127.0.0.1:8080", Site.Health.UP, "", figures(rate, 1), false));
        arrows.add(new Site.Arrow("users", "front-door", "HTTP", Optional.of(figures(rate, 1))));
        long serving = servers.values().stream().filter(health -> health == Site.Health.UP).count();
        servers.forEach((name, health) -> {
            double share = health == Site.Health.UP ? rate / serving : 0;
            double wobble = 1 + .08 * Math.sin(name.hashCode() + clock.nanos() / 3e9);
            Figures figures = figures(share * wobble, .92);
            String why = switch (health) {
                case SICK -> "5 connection failures in a row; tried again in 8 s";
                case DRAINING -> "ends 3 requests, gets nothing new";
                case STARTING -> "waits for GET /health to answer 200";
                case DECLARED, UP, DOWN -> "";
            };
            nodes.add(node(name, "application", Site.Kind.APPLICATION, name, "port " + (3000 + name.charAt(name.length() - 1) - '0'), health, why, figures, true));
            arrows.add(new Site.Arrow("front-door", name, "HTTP", Optional.of(figures)));
            arrows.add(new Site.Arrow(name, "database", "PostgreSQL", Optional.empty()));
        });
        nodes.add(new Site.Node("database", "database", Site.Kind.DATABASE, "PostgreSQL", "127.0.0.1:54329", Site.Health.UP, "", Optional.empty(),
                List.of(new Site.Fact("version", "17.11"), new Site.Fact("connections", "12 of 100")), Optional.of("database"), false));
        return new Site("photos", stage,
                List.of(new Site.StageChoice(1, "single server", "One application process and its database."),
                        new Site.StageChoice(3, "load balancer", "Several stateless application processes behind the load balancer; health checks, drain, rolling deploys.")),
                List.of(new Site.Tier("users", "users"), new Site.Tier("front-door", "front door"), new Site.Tier("application", "application servers"),
                        new Site.Tier("database", "database")),
                nodes, arrows, new Site.Totals(requests, requests / 100_000), "./banyan load --for 30s");
    }

    @Override
    public List<String> logs() {
        return List.of("banyan", "web-1", "database");
    }

    @Override
    public Optional<List<String>> logLines(String name, int most) {
        return logs().contains(name) || servers.containsKey(name)
                ? Optional.of(List.of(name + " listens", "GET /feed 200 12 ms", "GET /photos/81 200 3 ms"))
                : Optional.empty();
    }

    @Override
    public Plan plan(Move move) {
        return switch (move) {
            case Move.Grow(int to) when to == 3 && stage != 3 -> plan("grow to stage 3, load balancer", "start web-2", "start web-3", "wait until web-2 and web-3 are healthy",
                    "add web-2 and web-3 to the front door");
            case Move.Grow(int to) when to == 1 && stage != 1 -> plan("shrink to stage 1, single server", "drain web-2 and web-3", "stop web-3", "stop web-2");
            case Move.Grow(int to) when to == stage -> new Plan("stay at stage " + to, List.of(), List.of());
            case Move.Grow(int to) -> throw new BanyanException(ErrorCode.USAGE, "there is no stage " + to + "; there are 1 and 3");
            case Move.Deploy() -> plan("deploy the application anew", servers.keySet().stream().map(name -> "replace " + name).toArray(String[]::new));
            case Move.Apply() -> new Plan("apply the site file", List.of(), List.of("nothing changed"));
            case Move.Drain(String server) -> plan("drain " + known(server), "send " + server + " nothing new");
            case Move.Undrain(String server) -> plan("put " + known(server) + " back", "send " + server + " requests again");
        };
    }

    @Override
    public void make(Move move, Consumer<Plan> progress) {
        Plan plan = plan(move);
        List<Plan.Step> steps = new ArrayList<>(plan.steps());
        for (int i = 0; i < steps.size(); i++) {
            steps.set(i, new Plan.Step(steps.get(i).title(), Plan.State.RUNNING, ""));
            progress.accept(new Plan(plan.title(), steps, plan.notes()));
            during(move, steps.get(i).title());
            pause();
            steps.set(i, new Plan.Step(steps.get(i).title(), Plan.State.DONE, step.toMillis() + " ms"));
            progress.accept(new Plan(plan.title(), steps, plan.notes()));
        }
        after(move);
    }

    private synchronized void during(Move move, String title) {
        if (move instanceof Move.Grow && title.startsWith("start ")) {
            servers.put(title.substring("start ".length()), Site.Health.STARTING);
        } else if (title.startsWith("stop ")) {
            servers.remove(title.substring("stop ".length()));
        } else if (title.equals("drain web-2 and web-3")) {
            servers.replace("web-2", Site.Health.DRAINING);
            servers.replace("web-3", Site.Health.DRAINING);
        }
    }

    private synchronized void after(Move move) {
        switch (move) {
            case Move.Grow(int to) -> {
                stage = to;
                servers.replaceAll((_, _) -> Site.Health.UP);
                decisions.announce(new Decision("grow to stage " + to, "asked for on the console", servers.size() + " servers serve", clock.now()));
            }
            case Move.Drain(String server) -> servers.put(server, Site.Health.DRAINING);
            case Move.Undrain(String server) -> servers.put(server, Site.Health.UP);
            case Move.Deploy(), Move.Apply() -> servers.replaceAll((_, _) -> Site.Health.UP);
        }
    }

    private String known(String server) {
        if (!servers.containsKey(server)) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no server " + server + "; there are " + servers.keySet());
        }
        return server;
    }

    private static Plan plan(String title, String... steps) {
        List<Plan.Step> waiting = new ArrayList<>();
        for (String each : steps) {
            waiting.add(new Plan.Step(each, Plan.State.WAITING, ""));
        }
        return new Plan(title, waiting, List.of("no request is dropped"));
    }

    private double rate() {
        long now = clock.nanos();
        double rate = load * (1 + .2 * Math.sin(now / 4e9));
        requests += (long) (rate * (now - lastNanos) / 1e9);
        lastNanos = now;
        return rate;
    }

    private Figures figures(double rate, double slow) {
        double p50 = rate == 0 ? 0 : slow * (2.1 + rate / 900);
        return new Figures(rate, p50, p50 * 2.4, p50 * (4 + Math.sin(clock.nanos() / 5e9)), rate * failedShare, Math.round(rate * p50 / 1000), load == 0 ? 0 : requests + 1);
    }

    private static Site.Node node(
            String id, String tier, Site.Kind kind, String title, String detail, Site.Health health, String why, Figures figures, boolean drainable) {
        List<Site.Fact> facts = drainable ? List.of(new Site.Fact("process", "41" + id.hashCode() % 100), new Site.Fact("memory", "182 MiB"), new Site.Fact("weight", "1")) : List.of();
        return new Site.Node(id, tier, kind, title, detail, health, why, Optional.of(figures), facts, drainable ? Optional.of(id) : Optional.empty(), drainable);
    }

    private void pause() {
        try {
            clock.sleep(step);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "interrupted");
        }
    }
}
