package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.logs.LogFound;
import dev.banyan.telemetry.logs.LogLine;
import dev.banyan.telemetry.logs.LogQuestion;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A made-up site that lives: traffic swells and falls, it grows and shrinks, servers fall sick. For tests and for drawing the page. */
final class LivingSite implements SiteView, Actions {
    /** Done in each search of the logs, before it answers. */
    volatile Runnable searching = () -> {};

    private static final Comparator<String> BY_NUMBER = Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());
    private final LivingEdges edges = new LivingEdges();
    private final LivingFaults faults;
    private final Clock clock;
    private final Decisions decisions;
    private final Duration step;
    private final Map<String, Site.Health> servers = new TreeMap<>(BY_NUMBER);
    private final Map<String, Site.Health> databases = new TreeMap<>();
    private String primary = "db-1";
    private int cacheNodes = 2;
    private int stage = 1;
    private double load;
    private double failedShare;
    private volatile String failing = "";
    private long requests;
    private long lastNanos;

    /** @param step how long each step of a move takes */
    LivingSite(Clock clock, Decisions decisions, Duration step) {
        this.clock = clock;
        this.faults = new LivingFaults(clock);
        this.decisions = decisions;
        this.step = step;
        this.lastNanos = clock.nanos();
        servers.put("web-1", Site.Health.UP);
        databases.put("db-1", Site.Health.UP);
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

    /** The step of this title fails, and those before it are taken back. */
    LivingSite failingAt(String title) {
        failing = title;
        return this;
    }

    synchronized LivingSite server(String name, Site.Health health) {
        servers.put(name, health);
        return this;
    }

    synchronized LivingSite database(String name, Site.Health health) {
        databases.put(name, health);
        return this;
    }

    /** Stage 6 with 60 servers: 4 edges, 44 of the application, 6 nodes of the cache, 6 databases. Some are not well. */
    synchronized LivingSite large() {
        for (int i = 1; i <= 44; i++) {
            server("web-" + i, i % 13 == 7 ? Site.Health.DRAINING : i % 17 == 5 ? Site.Health.DOWN : Site.Health.UP);
        }
        for (int i = 2; i <= 6; i++) {
            database("db-" + i, i == 5 ? Site.Health.SICK : Site.Health.UP);
        }
        cacheNodes = 6;
        return stage(6);
    }

    @Override
    public synchronized void send(Trickle trickle, String who) {
        if (load > 0) {
            throw new BanyanException(ErrorCode.BUSY, "the console sends requests already");
        }
        load = trickle.rate();
    }

    @Override
    public Edges edges() {
        return edges;
    }

    @Override
    public Faults faults() {
        return faults;
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
        double behind = stage == 6 ? edges(rate, nodes, arrows) : rate;
        nodes.add(node("front-door", "front-door", Site.Kind.FRONT_DOOR, "Front door", "127.0.0.1:8080", Site.Health.UP, "", figures(behind, 1), false));
        if (stage < 6) {
            arrows.add(new Site.Arrow("users", "front-door", "HTTP", Optional.of(figures(rate, 1))));
        }
        long serving = servers.values().stream().filter(health -> health == Site.Health.UP).count();
        servers.forEach((name, health) -> {
            double share = health == Site.Health.UP ? behind / serving : 0;
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
            arrows.add(new Site.Arrow(name, "router", "PostgreSQL", Optional.empty()));
        });
        if (stage >= 5) {
            cache(behind * 6, nodes, arrows);
        }
        databases(stage >= 5 ? behind * .4 : behind * 3, nodes, arrows);
        return new Site("photos", stage,
                List.of(new Site.StageChoice(1, "single server", "One application process and its database."),
                        new Site.StageChoice(2, "separate database", "The database on a server of its own."),
                        new Site.StageChoice(3, "load balancer", "Several stateless application processes behind the load balancer; health checks, drain, rolling deploys."),
                        new Site.StageChoice(4, "replication", "Read replicas of the database, reads and writes apart, and a replica that is promoted when the primary is lost."),
                        new Site.StageChoice(5, "cache", "A cache in the Redis protocol, whose keys may be loaded from and written to the database by declared strategies."),
                        new Site.StageChoice(6, "CDN", "HTTP caches in front of the front door, near users.")),
                tiers(new Site.Tier("users", "users"), new Site.Tier("edge", "edges"), new Site.Tier("shield", "shield"), new Site.Tier("front-door", "load balancer"), new Site.Tier("application", "application"),
                        new Site.Tier("router", stage >= 5 ? "routers" : "SQL router"), new Site.Tier("data", "data")),
                nodes, arrows, new Site.Totals(requests, requests / 100_000), "./banyan load --for 30s", regions(), promises());
    }

    private List<Site.Region> regions() {
        Site.Region home = new Site.Region(Site.Region.HOME, "photos");
        return stage == 6 ? List.of(home, new Site.Region("lisbon-1", "lisbon-1")) : List.of(home);
    }

    private static List<Site.Objective> promises() {
        return List.of(
                new Site.Objective("availability", "99.9 % of requests do not fail", .999, 2_592_000, .83, burning(1.2, .9, .8, .6, .4), false, ""),
                new Site.Objective("latency", "99 % of answers within 300 ms", .99, 2_592_000, .21, burning(18, 17, 15.5, 4, 1.4), true,
                        "the budget goes 15.5 times as fast as it may, looked at over 1h and 5m: it is gone in 9 h"));
    }

    private static List<Site.Burn> burning(double... rates) {
        List<String> windows = List.of("5m", "30m", "1h", "6h", "3d");
        return IntStream.range(0, rates.length).mapToObj(i -> new Site.Burn(windows.get(i), rates[i])).toList();
    }

    private List<Site.Tier> tiers(Site.Tier... all) {
        return Stream.of(all).filter(tier -> stage == 6 || !tier.id().equals("edge") && !tier.id().equals("shield")).toList();
    }

    /** Two edges beside the front door and one far away, with a shield behind the two; what the front door is asked then. */
    private double edges(double rate, List<Site.Node> nodes, List<Site.Arrow> arrows) {
        nodes.add(edge("edge-1", "edge", "beside the front door", "93.8 % hits", figures(rate * .5, .3)));
        nodes.add(edge("edge-2", "edge", "beside the front door", "91.2 % hits", figures(rate * .3, .3)));
        nodes.add(edge("lisbon-1", "edge", "http://10.1.0.7:80", "88.0 % hits", figures(rate * .2, .4)).in("lisbon-1"));
        nodes.add(edge("shield", "shield", "between the edges and the front door", "41.0 % hits", figures(rate * .06, .6)));
        double[] shares = {.5, .3, .2};
        for (int i = 0; i < shares.length; i++) {
            String name = nodes.get(nodes.size() - 4 + i).id();
            arrows.add(new Site.Arrow("users", name, "HTTP", Optional.of(figures(rate * shares[i], .3))));
            arrows.add(new Site.Arrow(name, i == 2 ? "front-door" : "shield", "HTTP", Optional.of(figures(rate * shares[i] * .08, .9))));
        }
        arrows.add(new Site.Arrow("shield", "front-door", "HTTP", Optional.of(figures(rate * .04, .9))));
        return rate * .06;
    }

    private static Site.Node edge(String name, String tier, String where, String gauge, Figures figures) {
        return new Site.Node(name, tier, Site.Kind.EDGE, name, where, Site.Health.UP, gauge, "", Optional.of(figures), List.of(new Site.Fact("hit ratio", gauge.substring(0, 6)),
                new Site.Fact("asked behind it", "6,120 of 98,700 requests"), new Site.Fact("stored", "4,120 responses, 61.2 MB"), new Site.Fact("evicted", "512"), new Site.Fact("connections", "34")),
                Optional.empty(), false, false);
    }

    /** The router, and behind it the primary with a tenth of the statements and each replica with its share of the rest. */
    private void databases(double rate, List<Site.Node> nodes, List<Site.Arrow> arrows) {
        nodes.add(new Site.Node("router", "router", Site.Kind.ROUTER, "router", "127.0.0.1:6432", Site.Health.UP, "24 clients", "", Optional.of(figures(rate, .2)),
                List.of(new Site.Fact("clients", "24"), new Site.Fact("waiting for a connection", "0")), Optional.empty(), false, false));
        long replicas = databases.entrySet().stream().filter(each -> each.getValue() == Site.Health.UP && !each.getKey().equals(primary)).count();
        databases.forEach((name, health) -> {
            boolean leads = name.equals(primary);
            double share = health != Site.Health.UP ? 0 : replicas == 0 ? 1 : leads ? .1 : .9 / replicas;
            Figures figures = figures(rate * share * (1 + .05 * Math.sin(name.hashCode() + clock.nanos() / 3e9)), leads ? .35 : .15);
            nodes.add(new Site.Node(name, "data", leads ? Site.Kind.DATABASE : Site.Kind.REPLICA, name, leads ? "primary" : "replica, 2 ms behind", health,
                    Math.round(1 + 6 * share) + " of 20 busy", health == Site.Health.DOWN ? "its process was killed by signal 9; a new replica takes its place" : "",
                    Optional.of(figures), List.of(new Site.Fact("version", "17.11"), new Site.Fact("address", "127.0.0.1:5433" + name.charAt(3)),
                            new Site.Fact("behind", "1.2 KiB, 2 ms"), new Site.Fact("connections", "9 open, 3 busy, at most 20"), new Site.Fact("waiting", "0")),
                    Optional.of(name), false, !leads && health == Site.Health.UP));
            arrows.add(new Site.Arrow("router", name, "PostgreSQL", Optional.of(figures)));
            if (!leads) {
                arrows.add(Site.Arrow.replication(primary, name));
            }
        });
    }

    /** The cache's router, with two nodes that have most of the keys, and what it asks the database itself. */
    private void cache(double rate, List<Site.Node> nodes, List<Site.Arrow> arrows) {
        nodes.add(new Site.Node("cache", "router", Site.Kind.ROUTER, "cache router", "127.0.0.1:6380", Site.Health.UP, "96.1 % hits", "", Optional.of(figures(rate, .04)),
                List.of(new Site.Fact("clients", "24"), new Site.Fact("hits", "96.1 %"), new Site.Fact("answered by the router's own copies", "41 %"),
                        new Site.Fact("writes not in the database yet", "212, the oldest since 48 ms"), new Site.Fact("behind the database's log", "0 bytes, 1 ms")), Optional.empty(), false, false));
        servers.keySet().forEach(name -> arrows.add(new Site.Arrow(name, "cache", "Redis", Optional.empty())));
        arrows.add(new Site.Arrow("cache", "router", "PostgreSQL", Optional.empty()));
        for (int i = 1; i <= cacheNodes; i++) {
            String name = "cache-" + i;
            Figures figures = figures(rate * .6 / cacheNodes, .03);
            nodes.add(new Site.Node(name, "data", Site.Kind.CACHE, name, "41.2 of 64 MiB", Site.Health.UP, "18,204 keys", "", Optional.of(figures),
                    List.of(new Site.Fact("version", "Redis 7.0.15"), new Site.Fact("address", "127.0.0.1:4103" + name.charAt(6))), Optional.of(name), false, false));
            arrows.add(new Site.Arrow("cache", name, "Redis", Optional.of(figures)));
        }
    }

    @Override
    public Optional<Cached> cache() {
        return stage < 5 ? Optional.empty() : Optional.of(new Cached(
                List.of(new Cached.Prefix("session:", "write-around", 410_220, 402_118, 8_102, .9, 1_204, 31),
                        new Cached.Prefix("photo:", "read-through", 291_004, 288_410, 2_590, 1.4, 0, 2_011),
                        new Cached.Prefix("feed:", "read-through", 120_441, 101_190, 19_251, 6.2, 0, 4_411),
                        new Cached.Prefix("likes:", "write-behind", 88_112, 88_020, 92, .8, 104_512, 12),
                        new Cached.Prefix("unread:", "read-through", 0, 0, 0, 0, 0, 0)),
                List.of(new Cached.HotKey("photo:81", 2_412, "cache-2", true), new Cached.HotKey("explore:24", 812, "cache-1", true), new Cached.HotKey("feed:4711", 104, "cache-1", false))));
    }

    @Override
    public Optional<KeyExplanation> explainKey(String key) {
        return stage < 5 ? Optional.empty() : Optional.of(new KeyExplanation(key, "cache-1", key.startsWith("photo:") ? "photo:" : "", key.startsWith("photo:") ? "read-through" : "",
                List.of(new Site.Fact("there", "yes, for 8 s more"))));
    }

    @Override
    public Statements statements() {
        return new Statements(
                List.of(new Statements.Kind("select p.id, p.title from photos p join follows f on f.followed = p.owner where f.follower = $1 order by p.id desc limit $2",
                                104_512, 88_400, .85, 2_090_240, 0, 94_060),
                        new Statements.Kind("insert into likes (photo, person) values ($1, $2) on conflict do nothing", 9_120, 12_900, 1.41, 9_003, 12, 0),
                        new Statements.Kind("select count(*) from likes where photo = $1", 88_031, 9_700, .11, 88_031, 0, 88_031)),
                List.of(new Statements.Advice("select next_ticket($1)", 4_210,
                        "next_ticket is declared volatile: if it only reads, declare it stable, or name it in database.router.reads.functions")));
    }

    @Override
    public RequestExplanation explain(RequestQuestion asked) {
        return new RequestExplanation(asked.method() + " " + asked.url(), asked.from(), List.of(
                new RequestExplanation.Step("gateway", "", "lets it on to the application", "no routes are set", "", List.of(new Site.Fact("headers", "" + asked.headers().size())))));
    }

    @Override
    public Optional<Explanation> explain(String sql) {
        return Optional.of(sql.startsWith("select")
                ? new Explanation("reads only", List.of("db-2", "db-3", "db-1"), "nothing in it writes or locks", List.of())
                : new Explanation("may write", List.of(primary), "INSERT writes", List.of()));
    }

    @Override
    public List<String> logs() {
        return List.of("banyan", "web-1", "db-1");
    }

    @Override
    public Optional<List<String>> logLines(String name, int most) {
        return logs().contains(name) || servers.containsKey(name)
                ? Optional.of(List.of(name + " listens", "GET /feed 200 12 ms", "GET /photos/81 200 3 ms"))
                : Optional.empty();
    }

    @Override
    public History history() {
        return new LivingHistory(clock, this);
    }

    @Override
    public LogFound search(LogQuestion question) {
        searching.run();
        List<LogLine> all = List.of(
                new LogLine(Optional.of(clock.now().minusSeconds(40)), "banyan", "banyan", "{\"level\":\"INFO\",\"message\":\"photos is up\"}"),
                new LogLine(Optional.of(clock.now().minusSeconds(20)), "web-1", "application", "GET /feed 200 12 ms"),
                new LogLine(Optional.of(clock.now().minusSeconds(10)), "db-1", "database", "LOG:  checkpoint complete"),
                new LogLine(Optional.empty(), "web-1", "application", "GET /photos/81 200 3 ms"));
        List<LogLine> found = all.stream().filter(line -> line.line().toLowerCase(Locale.ROOT).contains(question.text().toLowerCase(Locale.ROOT)))
                .filter(line -> question.tier().stream().allMatch(line.tier()::equals)).filter(line -> question.name().stream().allMatch(line.name()::equals)).toList();
        return new LogFound(found.subList(Math.max(0, found.size() - question.most()), found.size()), found.size() > question.most());
    }

    @Override
    public Plan plan(Move move) {
        return switch (move) {
            case Move.Grow(int to) when to == 4 && stage != 4 -> plan("grow to stage 4, replication", "clone db-2 from db-1", "clone db-3 from db-1", "send reads to db-2 and db-3");
            case Move.Grow(int to) when to == 5 && stage < 5 -> costing(plan("grow to stage 5, cache", "start cache-1", "start cache-2", "open the cache router over cache-1, cache-2", "replace web-1", "replace web-2", "replace web-3"),
                    new Plan.Cost(List.of("cache-1", "cache-2", "the cache router"), List.of(), List.of("requests, from web-1 to web-1.2, web-2 to web-2.2, web-3 to web-3.2"), 2, 5,
                            "up to 128 MiB for what 2 cache nodes may hold (cache.memory)"));
            case Move.Grow(int to) when to == 2 && stage == 1 -> plan("grow to stage 2, separate database", "clone db-2 from db-1", "switch over to db-2", "stop db-1");
            case Move.Grow(int to) when to == 3 && stage < 3 -> costing(plan("grow to stage 3, load balancer", "start web-2", "start web-3", "wait until web-2 and web-3 are healthy",
                    "add web-2 and web-3 to the front door"), new Plan.Cost(List.of("web-2", "web-3"), List.of(), List.of(), 2, 2, "about 364 MiB for 2 instances: web-1 has 182 MiB now"));
            case Move.Grow(int to) when to == 3 && stage > 3 -> plan("shrink to stage 3, load balancer", "send reads to db-1", "stop db-2 and delete its data");
            case Move.Grow(int to) when to == 1 && stage != 1 -> plan("shrink to stage 1, single server", "drain web-2 and web-3", "stop web-3", "stop web-2");
            case Move.Grow(int to) when to == stage -> new Plan("stay at stage " + to, List.of(), List.of());
            case Move.Grow(int to) -> throw new BanyanException(ErrorCode.USAGE, "there is no stage " + to + "; there are 1 to 6");
            case Move.Deploy(_) -> plan("deploy the application anew", servers.keySet().stream().map(name -> "replace " + name).toArray(String[]::new));
            case Move.Apply() -> new Plan("apply the site file", List.of(), List.of("nothing changed"));
            case Move.Switchover(Optional<String> to) -> plan("switch the database over to " + to.orElse("db-2"), "wait until " + to.orElse("db-2") + " has everything",
                    "hold new transactions", "promote " + to.orElse("db-2"), "release them");
            case Move.Drain(String server) -> plan("drain " + known(server), "send " + server + " nothing new");
            case Move.Undrain(String server) -> plan("put " + known(server) + " back", "send " + server + " requests again");
        };
    }

    private static Plan costing(Plan plan, Plan.Cost cost) {
        return new Plan(plan.title(), plan.steps(), plan.notes(), Optional.of(cost));
    }

    @Override
    public void make(Move move, Consumer<Plan> progress) {
        Plan plan = plan(move);
        List<Plan.Step> steps = new ArrayList<>(plan.steps());
        for (int i = 0; i < steps.size(); i++) {
            String title = steps.get(i).title();
            tell(plan, steps, i, Plan.State.RUNNING, "", progress);
            during(move, title);
            pause();
            if (title.equals(failing)) {
                takeBack(plan, steps, i, progress);
            }
            tell(plan, steps, i, Plan.State.DONE, step.toMillis() + " ms", progress);
        }
        after(move);
    }

    private static void tell(Plan plan, List<Plan.Step> steps, int at, Plan.State state, String detail, Consumer<Plan> progress) {
        steps.set(at, new Plan.Step(steps.get(at).title(), state, detail));
        progress.accept(plan.with(steps));
    }

    private void takeBack(Plan plan, List<Plan.Step> steps, int at, Consumer<Plan> progress) {
        tell(plan, steps, at, Plan.State.FAILED, "it does not answer GET /health", progress);
        for (int i = at - 1; i >= 0; i--) {
            tell(plan, steps, i, Plan.State.UNDONE, "", progress);
        }
        servers.keySet().removeIf(name -> !name.equals("web-1"));
        throw new BanyanException(ErrorCode.APPLICATION_FAILED, plan.title() + " was undone: " + steps.get(at).title() + ": it does not answer GET /health");
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
                if (to == 4) {
                    database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
                }
                decisions.announce(new Decision("grow to stage " + to, "asked for on the console", servers.size() + " servers serve", clock.now()));
            }
            case Move.Switchover(Optional<String> to) -> primary = to.orElse("db-2");
            case Move.Drain(String server) -> servers.put(server, Site.Health.DRAINING);
            case Move.Undrain(String server) -> servers.put(server, Site.Health.UP);
            case Move.Deploy _, Move.Apply _ -> servers.replaceAll((_, _) -> Site.Health.UP);
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
        return new Site.Node(id, tier, kind, title, detail, health, "", why, Optional.of(figures), facts, drainable ? Optional.of(id) : Optional.empty(), drainable, false);
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
