package dev.banyan.cli;

import dev.banyan.cli.EdgeLetters.Done;
import dev.banyan.cli.EdgeLetters.Orders;
import dev.banyan.cli.EdgeLetters.Report;
import dev.banyan.cli.EdgeLetters.Seen;
import dev.banyan.cli.EdgeLetters.Welcome;
import dev.banyan.http.EdgePass;
import dev.banyan.http.Introduction;
import dev.banyan.net.Clock;
import dev.banyan.telemetry.slo.Tally;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An edge on this machine that has joined a site on any: it hears of purges and settings by asking again and again, and what it reports with each question says which
 * purges are in force. While the site is away it serves what it has. Owned by one thread, but for {@link #close}.
 */
final class JoinedEdge implements AutoCloseable {
    private static final String HEARD = "purges";
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final Wish wish;
    private final AdminClient site;
    private final RunningEdge edge;
    private final Path heard;
    private final Clock clock;
    private final Consumer<String> told;
    private final AnswersGiven answers;
    private Tally given = Tally.NONE;
    private List<Done> done = new ArrayList<>();
    private String run;
    private long applied;
    private long revision;
    private Duration wait = FIRST_WAIT;
    private boolean away;
    private volatile boolean closed;

    /**
     * What its owner wants.
     *
     * @param origin where the site lets edges in, where that is not where the site says
     */
    record Wish(String name, HostPort listen, java.util.Optional<HostPort> origin, java.util.function.UnaryOperator<EdgeSettings> own) {}

    private JoinedEdge(Wish wish, AdminClient site, Welcome welcome, RunningEdge edge, Path heard, Clock clock, Consumer<String> told) {
        this.wish = wish;
        this.site = site;
        this.edge = edge;
        this.answers = edge.answersGiven();
        this.heard = heard;
        this.clock = clock;
        this.told = told;
        this.run = welcome.run();
        this.applied = welcome.last();
        this.revision = welcome.revision();
    }

    /**
     * Joins, and serves from now on.
     *
     * @param host where the site was reached
     * @param told hears sentences for a person
     * @throws BanyanException when the site does not let it in, or an address is taken
     */
    static JoinedEdge join(Wish wish, AdminClient site, String host, RunningEdge.Surroundings around, Consumer<String> told) {
        Welcome welcome = welcome(wish, site);
        HostPort origin = wish.origin().orElseGet(() -> new HostPort(welcome.originHost().isEmpty() ? host : welcome.originHost(), welcome.originPort()));
        Introduction introduction = Introduction.pinned(new EdgePass(new Secret(welcome.secret())), welcome.fingerprint());
        Path heard = around.folder().resolve(HEARD);
        boolean missed = !heard(welcome.run(), welcome.last()).equals(before(heard)); // what was purged since is on disk still
        RunningEdge edge = RunningEdge.open(wish.name(), wish.name(), wish.own().apply(welcome.settings()), wish.listen(), origin, introduction, missed, around);
        JoinedEdge joined = new JoinedEdge(wish, site, welcome, edge, heard, around.clock(), told);
        joined.remember();
        return joined;
    }

    private static String heard(String run, long applied) {
        return run + " " + applied;
    }

    private static String before(Path heard) {
        try {
            return Files.exists(heard) ? Files.readString(heard).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** What is in force of the site's purges, for the next start: forgotten, all that is on disk is stale then. */
    private void remember() {
        try {
            Files.writeString(heard, heard(run, applied) + "\n");
        } catch (IOException e) {
            told.accept("cannot write " + heard + ": " + e.getMessage() + "; what is on disk will count as stale at the next start");
        }
    }

    private static Welcome welcome(Wish wish, AdminClient site) {
        String arrival = new JsonMapper().createObjectNode().put("name", wish.name()).put("version", Version.number()).put("address", "http://" + wish.listen()).toString();
        return EdgeLetters.read(site.ask("/api/edges", arrival), Welcome.class);
    }

    HostPort address() {
        return edge.address();
    }

    RunningEdge edge() {
        return edge;
    }

    /** Reports, and does what the site wants, until it is closed. */
    void serve() throws InterruptedException {
        while (!closed) {
            try {
                turn();
                if (away) {
                    away = false;
                    told.accept("the site is back");
                }
                wait = FIRST_WAIT;
            } catch (BanyanException e) {
                if (!closed) {
                    lost(e);
                }
            }
        }
    }

    /** One question and what comes of its answer. */
    void turn() {
        given = given.plus(answers.since(edge.boundNanos()));
        Report report = new Report(run, applied, revision, done, Seen.of(edge.figures(), given));
        JsonNode answer = site.ask("/api/edges/" + wish.name() + "/poll", EdgeLetters.write(report).toString(), RemoteEdges.POLL.plusSeconds(10));
        Orders orders = EdgeLetters.read(answer, Orders.class);
        done = new ArrayList<>();
        if (orders.gap()) {
            edge.expire();
            told.accept("the site has purged what this edge has not heard of: all that is stored is stale now");
        }
        orders.purges().forEach(ordered -> done.add(new Done(ordered.number(), edge.purge(ordered.purge()))));
        orders.settings().ifPresent(settings -> edge.use(wish.own().apply(settings)));
        run = orders.run();
        applied = orders.last();
        revision = orders.revision();
        remember();
    }

    /** The site may have come up anew, and knows nobody then. */
    private void lost(BanyanException why) throws InterruptedException {
        if (why.code() == ErrorCode.NO_SUCH_THING) {
            try {
                welcome(wish, site);
                told.accept("joined again");
                return;
            } catch (BanyanException notYet) {
                why = notYet;
            }
        }
        if (!away) {
            away = true;
            told.accept("the site does not answer, stored responses are served meanwhile: " + why.getMessage());
        }
        clock.sleep(wait);
        Duration longer = wait.multipliedBy(2);
        wait = longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
    }

    /** Says goodbye and closes, requests in flight in a few seconds at most. Any thread. */
    @Override
    public void close() {
        closed = true;
        try {
            site.ask("/api/edges/" + wish.name() + "/leave", "{}", Duration.ofSeconds(2));
        } catch (BanyanException alone) {
            told.accept("the site does not hear that this edge leaves: " + alone.getMessage());
        }
        edge.farewell();
        edge.close();
    }
}
