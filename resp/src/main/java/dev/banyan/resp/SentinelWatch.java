package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows a primary that Sentinels watch: asks each of them every second, and at once when it tells of a switch. Whom they name is followed when it
 * says itself that it is a primary, as redis.io/docs/latest/develop/reference/sentinel-clients asks of clients. A claim of an older configuration
 * than the one followed counts only when most Sentinels make it: one of them may be cut off from the others. Owned by its loop; the public
 * methods are safe for any thread.
 */
final class SentinelWatch implements AttachedNodes {
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final long FRESH_NANOS = 5_000_000_000L;

    private final String name;
    private final Asking.Way way;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final Consumer<Layout> layouts;
    private final List<Sentinel> sentinels = new ArrayList<>();
    private SentinelClaim followed;
    private Asking checking;
    private Future<?> ticks;
    private long heardNanos;
    private boolean toldSilence;
    private boolean closed;

    /**
     * @param name by which the Sentinels know it; its node's name too
     * @param way to the node; to Sentinels without its login until they ask for one
     * @param layouts told a ring of one node when it is known and whenever it is another, on the loop: hands over and returns
     * @param decisions told each change with its reason, likewise
     */
    SentinelWatch(List<HostPort> sentinels, String name, Asking.Way way, Clock clock, Consumer<Decision> decisions, Consumer<Layout> layouts) {
        this.name = name;
        this.way = way;
        this.clock = clock;
        this.decisions = decisions;
        this.layouts = layouts;
        this.heardNanos = clock.nanos();
        sentinels.forEach(at -> this.sentinels.add(new Sentinel(at)));
    }

    SentinelWatch start() {
        way.loop().execute(() -> ticks = way.loop().scheduleWithFixedDelay(this::tick, 0, EVERY_NANOS, TimeUnit.NANOSECONDS));
        return this;
    }

    @Override
    public void lost(Node node) {
        way.loop().execute(this::tick);
    }

    private void tick() {
        if (closed) {
            return;
        }
        sentinels.forEach(Sentinel::ask);
        if (!toldSilence && clock.nanos() - heardNanos > FRESH_NANOS) {
            toldSilence = true;
            String what = followed == null ? "wait for a Sentinel" : "keep to " + followed.address() + " as the primary " + name;
            decisions.accept(new Decision(what, "no Sentinel has told of " + name + " for " + FRESH_NANOS / 1_000_000_000 + " s", inWords(), clock.now()));
        }
    }

    /** Looks at what the Sentinels say now, and whether that is another than the one that is followed. */
    private void decide() {
        Optional<SentinelClaim> newest = fresh().stream().max(Comparator.comparingLong(SentinelClaim::epoch));
        if (closed || checking != null || newest.isEmpty() || newest.get().equals(followed)) {
            return;
        }
        SentinelClaim claim = newest.get();
        if (followed != null && claim.epoch() < followed.epoch() && 2 * backing(claim) <= sentinels.size()) {
            return;
        }
        if (followed != null && claim.address().equals(followed.address())) {
            followed = claim;
            return;
        }
        check(claim);
    }

    private List<SentinelClaim> fresh() {
        return sentinels.stream().filter(Sentinel::isFresh).map(sentinel -> sentinel.claim).toList();
    }

    private long backing(SentinelClaim claim) {
        return fresh().stream().filter(each -> each.address().equals(claim.address())).count();
    }

    /** Follows it if it is a primary; if it is not yet, it is asked again when the Sentinels are. */
    private void check(SentinelClaim claim) {
        checking = way.open(claim.address());
        checking.ask("ROLE").whenComplete((answer, _) -> {
            checking.close();
            checking = null;
            boolean primary = answer instanceof Reply.Array(List<Reply> parts) && !parts.isEmpty() && SentinelClaim.text(parts.getFirst()).equals("master");
            if (primary && !closed) {
                adopt(claim);
            }
        });
    }

    private void adopt(SentinelClaim claim) {
        String before = followed == null ? "" : "; before it was " + followed.address();
        followed = claim;
        String why = "the Sentinels name it (epoch " + claim.epoch() + "), and it says it is a primary";
        decisions.accept(new Decision("follow " + claim.address() + " as the primary " + name, why, inWords() + before, clock.now()));
        layouts.accept(new Layout.Ring(List.of(new Node(name, claim.address()))));
    }

    private String inWords() {
        List<String> words = sentinels.stream().map(Sentinel::inWords).toList();
        return fresh().size() + " of " + sentinels.size() + " Sentinels answer: " + String.join("; ", words);
    }

    @Override
    public void close() {
        way.loop().execute(() -> {
            closed = true;
            if (ticks != null) {
                ticks.cancel(false);
            }
            sentinels.forEach(Sentinel::close);
            if (checking != null) {
                checking.close();
            }
        });
    }

    /** One of them, and what it said last. */
    private final class Sentinel {
        private final HostPort at;
        private Asking asking;
        private SentinelClaim claim;
        private long claimedNanos;
        private boolean underWay;
        private boolean again;
        private boolean wantsLogin;
        private String trouble = "has not answered yet";

        Sentinel(HostPort at) {
            this.at = at;
        }

        boolean isFresh() {
            return claim != null && clock.nanos() - claimedNanos < FRESH_NANOS;
        }

        void ask() {
            if (underWay) {
                again = true;
                return;
            }
            underWay = true;
            Asking open = open();
            CompletableFuture<Reply> address = open.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name);
            CompletableFuture<Reply> primary = open.ask("SENTINEL", "MASTER", name);
            address.thenAcceptBoth(primary, this::answered).whenComplete((_, lost) -> {
                if (lost != null) {
                    trouble(String.valueOf(lost.getCause() == null ? lost.getMessage() : lost.getCause().getMessage()));
                }
                over();
            });
        }

        private Asking open() {
            if (asking == null || !asking.isOpen()) {
                NodeLogin anyone = new NodeLogin(Optional.empty(), Optional.empty(), way.login().tls());
                asking = way.as(wantsLogin ? way.login() : anyone).open(at, push -> {
                    if (SentinelClaim.switches(push, name)) {
                        ask();
                    }
                });
                asking.subscribe("+switch-master");
            }
            return asking;
        }

        private void answered(Reply address, Reply primary) {
            SentinelClaim.of(address, primary).ifPresentOrElse(said -> {
                claim = said;
                claimedNanos = clock.nanos();
                heardNanos = claimedNanos;
                toldSilence = false;
                trouble = "";
            }, () -> trouble(at + (address instanceof Reply.Failure(String text) ? ": " + text : " knows no primary " + name)));
        }

        private void trouble(String why) {
            trouble = why;
            if (why.contains("NOAUTH") && way.login().password().isPresent()) {
                wantsLogin = true;
                asking.close();
            }
        }

        private void over() {
            underWay = false;
            decide();
            if (again && asking.isOpen()) {
                again = false;
                ask();
            }
        }

        String inWords() {
            return trouble.isEmpty() && claim != null ? at + " names " + claim.address() + " (epoch " + claim.epoch() + ")" : trouble.startsWith(at.toString()) ? trouble : at + " " + trouble;
        }

        void close() {
            if (asking != null) {
                asking.close();
            }
        }
    }
}
