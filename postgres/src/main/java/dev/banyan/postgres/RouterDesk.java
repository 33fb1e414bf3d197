package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.topology.DatabaseRouter.Mode;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Gathers what the virtual database answers from the router's loops, each asked on its own thread. Safe for any thread. */
final class RouterDesk implements AdminDesk {
    private static final int MOST_STATEMENTS = 200;
    private static final int MOST_ADVICE = 20;

    private final PostgresRouter router;

    RouterDesk(PostgresRouter router) {
        this.router = router;
    }

    @Override
    public void rows(AdminTopic topic, Consumer<List<List<String>>> done) {
        switch (topic) {
            case HELP -> done.accept(AdminTopic.help());
            case VERSION -> done.accept(List.of(List.of(version())));
            case POOLS -> gather(RouterDesk::waits, waits -> done.accept(pools(waits)));
            case CLIENTS -> gather(RouterDesk::clients, each -> done.accept(joined(each)));
            case SERVERS -> gather(RouterDesk::servers, each -> done.accept(joined(each)));
            case MEMBERS -> done.accept(members());
            case STATEMENTS -> statements(all -> done.accept(all.statements().stream().limit(MOST_STATEMENTS).map(RouterDesk::row).toList()));
            case ADVICE -> statements(all -> done.accept(all.advice(MOST_ADVICE).stream().map(RouterDesk::row).toList()));
            case CONFIG -> done.accept(SettingRows.of("database.router", router.settings()));
            case STATS -> done.accept(stats());
        }
    }

    /** Every statement's figures, over all loops; {@code done} gets them on one of them. */
    void statements(Consumer<StatementStatistics> done) {
        gather(loop -> new StatementStatistics(loop.figures().statements(), loop.figures().forgotten()), each -> {
            StatementStatistics all = StatementStatistics.NONE;
            for (StatementStatistics one : each) {
                all = all.plus(one.statements(), one.forgotten());
            }
            done.accept(all);
        });
    }

    private <T> void gather(Function<RouterLoop, T> ask, Consumer<List<T>> done) {
        List<RouterLoop> loops = router.loops();
        List<T> answers = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger missing = new AtomicInteger(loops.size());
        if (loops.isEmpty()) {
            done.accept(List.of());
        }
        for (RouterLoop loop : loops) {
            loop.eventLoop().execute(() -> {
                try {
                    answers.add(ask.apply(loop));
                } finally {
                    if (missing.decrementAndGet() == 0) {
                        done.accept(List.copyOf(answers));
                    }
                }
            });
        }
    }

    private static <T> List<T> joined(List<List<T>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    static String version() {
        return "Banyan " + Optional.ofNullable(PostgresRouter.class.getPackage().getImplementationVersion()).orElse("(built from source)");
    }

    /** The longest wait of each pool on one loop, in nanoseconds. */
    private static Map<Places<ServerConnection>, Long> waits(RouterLoop loop) {
        return loop.pools().stream().collect(Collectors.toMap(ServerPool::places, pool -> pool.longestWaitNanos(loop.nanos()), Math::max));
    }

    private List<List<String>> pools(List<Map<Places<ServerConnection>, Long>> waits) {
        Map<Places<ServerConnection>, Long> longest = new HashMap<>();
        waits.forEach(each -> each.forEach((places, wait) -> longest.merge(places, wait, Math::max)));
        String mode = router.settings().mode() == Mode.SESSION ? "session" : "transaction";
        List<List<String>> rows = new ArrayList<>();
        longest.forEach((places, wait) -> {
            PoolFigures pool = places.figures();
            rows.add(texts(pool.login().database(), pool.login().user(), pool.member().name(), pool.waiting(), pool.busy(), pool.idle(), pool.opening(),
                    places.settings().size(), wait / 1_000_000_000, wait / 1_000 % 1_000_000, mode));
        });
        rows.sort((one, other) -> String.join(" ", one.subList(0, 3)).compareTo(String.join(" ", other.subList(0, 3))));
        return rows;
    }

    private static List<List<String>> clients(RouterLoop loop) {
        return loop.sessions().stream().map(session -> {
            ServerConnection server = session.lease.server();
            String state = session.checkout.isWaiting() ? "waiting" : session.lease.isBusy() ? "active" : "idle";
            return texts("C", session.login.user(), session.login.database(), state, host(session.channel), port(session.channel),
                    session.state.settings().applicationName(), server == null ? "" : server.member().name(), pins(session.state.pins()),
                    session.channel.pipeline().get(SslHandler.class) == null ? "" : "tls");
        }).toList();
    }

    private static String pins(int bits) {
        return Arrays.stream(Pin.values()).filter(pin -> (bits & pin.bit()) != 0).map(RouterMetrics::name).collect(Collectors.joining(", "));
    }

    private static List<List<String>> servers(RouterLoop loop) {
        List<List<String>> rows = new ArrayList<>();
        for (ClientSession session : loop.sessions()) {
            if (session.lease.server() != null) {
                rows.add(server(session.lease.server(), session.login.user(), session.login.database(), "active", loop.nanos()));
            }
        }
        for (ServerPool<ServerConnection> pool : loop.pools()) {
            PoolKey login = pool.places().login();
            pool.unused().forEach(unused -> rows.add(server(unused, login.user(), login.database(), "idle", loop.nanos())));
        }
        return rows;
    }

    private static List<String> server(ServerConnection connection, String user, String database, String state, long now) {
        return texts("S", user, database, state, connection.member().name(), connection.member().address().host(), connection.member().address().port(),
                connection.welcome().processId(), (now - connection.openedNanos()) / 1_000_000_000, connection.statements().size());
    }

    private List<List<String>> members() {
        Roster roster = router.members().roster();
        Cluster cluster = roster.cluster();
        long position = router.members().position();
        List<List<String>> rows = new ArrayList<>();
        cluster.primary().ifPresent(primary -> rows.add(texts(primary.name(), primary.address(), cluster.held() ? "primary (held)" : "primary",
                router.splits() && roster.fit() > 0 ? "when no replica may" : "all", "", "", "")));
        for (int i = 0; i < roster.size(); i++) {
            Replica replica = roster.replica(i);
            Replica.Standing standing = replica.standing();
            boolean known = standing.sample() != null;
            rows.add(texts(replica.member().name(), replica.member().address(), "replica", standing.fit() && router.splits() ? "yes" : "no",
                    known ? Math.max(0, position - standing.sample().position()) : "unknown", known ? seconds(standing.lagNanos()) : "unknown",
                    replica.server().inFlight()));
        }
        return rows;
    }

    private List<List<String>> stats() {
        List<LoopFigures> loops = router.loops().stream().map(RouterLoop::figures).toList();
        List<List<String>> rows = new ArrayList<>();
        for (boolean replica : new boolean[] {false, true}) {
            long count = loops.stream().mapToLong(each -> each.ran(true, replica) + each.ran(false, replica)).sum();
            long micros = loops.stream().mapToLong(each -> each.nanos(replica)).sum() / 1_000;
            long errors = loops.stream().mapToLong(each -> each.failed(replica)).sum();
            rows.add(texts(replica ? "replicas" : "primary", count, micros, count == 0 ? 0 : micros / count, errors));
        }
        return rows;
    }

    private static List<String> row(StatementFigures each) {
        return texts(Long.toHexString(each.fingerprint()), each.calls(), each.primaryCalls(), each.replicaCalls(), each.rows(), each.errors(), millis(each.nanos()),
                millis(each.nanos() / Math.max(1, each.calls())), millis(each.mostNanos()), each.readsOnly() ? "yes" : "no: " + each.whyNot(), each.text());
    }

    private static List<String> row(StatementStatistics.Advice advice) {
        return texts(String.format(Locale.ROOT, "%.1f %%", 100 * advice.share()), advice.statement().calls(), millis(advice.statement().nanos()), advice.statement().text(),
                advice.why(), advice.next());
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }

    private static String host(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress at ? at.getAddress().getHostAddress() : "";
    }

    private static String port(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress at ? String.valueOf(at.getPort()) : "";
    }

    private static List<String> texts(Object... values) {
        return Arrays.stream(values).map(String::valueOf).toList();
    }
}
