package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.FrontDoor.Algorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A life of a group by dice: after each event what must hold whatever happened before. */
class GroupPropertyTest {
    private static final int CAP = 8;

    @Property(tries = 150)
    void whateverHappens_onlyServersThatMayServeGetRequests(@ForAll Algorithm algorithm, @ForAll boolean panics, @ForAll long seed) {
        new Life(algorithm, panics, seed).run(600);
    }

    /** One run; every number is drawn from the seed. */
    private static final class Life {
        private final Dice dice;
        private final ServerGroup group;
        private final List<Server> held = new ArrayList<>();
        private final List<Server> tunnels = new ArrayList<>();
        private final List<Server> removed = new ArrayList<>();
        private final boolean panics;
        private long now;
        private int names;

        Life(Algorithm algorithm, boolean panics, long seed) {
            this.dice = new Dice(seed);
            this.panics = panics;
            this.group = new ServerGroup(
                    Groups.balance(algorithm, Duration.ofSeconds(5)), panics ? Groups.health() : Groups.calmHealth(), CAP, seed, change -> {});
        }

        void run(int events) {
            for (int i = 0; i < events; i++) {
                now += draw(300) * SECOND / 1000;
                event();
                check();
            }
            while (!held.isEmpty()) {
                end(Outcome.OK);
            }
            tunnels.forEach(Server::finishTunnel);
            group.servers().forEach(server -> assertThat(server.inFlight() + server.tunnels()).isZero());
            removed.forEach(server -> assertThat(server.inFlight() + server.tunnels()).isZero());
        }

        private void event() {
            switch (draw(14)) {
                case 0 -> group.add("web-" + names++, Groups.ADDRESS, 1 + draw(3), draw(2) == 0, now);
                case 1 -> some(group::drain);
                case 2 -> some(group::undrain);
                case 3 -> some(server -> {
                    if (draw(2) == 0) {
                        group.remove(server);
                        removed.add(server);
                    }
                });
                case 4 -> some(server -> group.checkPassed(server, now));
                case 5 -> some(server -> group.checkFailed(server, "connection refused", now));
                case 6 -> group.tick(now);
                case 7 -> endMany(Outcome.values()[draw(Outcome.values().length)], 5);
                case 8 -> endMany(Outcome.NO_ANSWER, 6);
                case 9 -> becomeTunnel();
                case 10 -> some(server -> took(group.chooseByName(server.name(), 0, now)));
                default -> {
                    long key = draw(20);
                    took(group.choose(() -> key, 1L << draw(8), now));
                }
            }
        }

        private void took(Choice choice) {
            if (choice instanceof Server server) {
                held.add(server);
                boolean panic = group.panic();
                assertThat(server.state()).matches(state -> state == ServerState.HEALTHY
                        || panic && (state == ServerState.SICK || state == ServerState.EJECTED));
            }
        }

        private void check() {
            for (Server server : group.servers()) {
                long mine = held.stream().filter(other -> other == server).count();
                assertThat(server.inFlight()).isEqualTo((int) mine).isBetween(0, CAP);
            }
            List<Server> counting = group.servers().stream().filter(server -> server.standing.counts()).toList();
            long healthy = counting.stream().filter(server -> server.state() == ServerState.HEALTHY).count();
            assertThat(group.panic()).isEqualTo(panics && healthy * 2 < counting.size());
            assertThat(group.servers().stream().map(Server::slot).distinct().count()).isEqualTo(group.servers().size());
        }

        private void becomeTunnel() {
            if (!held.isEmpty()) {
                Server server = held.remove(draw(held.size()));
                server.becameTunnel();
                tunnels.add(server);
            }
        }

        private void endMany(Outcome outcome, int times) {
            for (int i = 0; i < times && !held.isEmpty(); i++) {
                long ejectedBefore = ejected();
                end(outcome);
                // The share holds when a server is ejected; a removal afterwards may make the ejected more than their share.
                if (ejected() > ejectedBefore) {
                    long counting = group.servers().stream().filter(server -> server.standing.counts()).count();
                    assertThat(ejected()).isLessThanOrEqualTo(Math.max(1, counting / 2));
                }
            }
        }

        private long ejected() {
            return group.servers().stream().filter(server -> server.state() == ServerState.EJECTED).count();
        }

        private void end(Outcome outcome) {
            Server server = held.remove(draw(held.size()));
            server.answered(1 + draw(1_000_000), now);
            server.finish(outcome, now);
        }

        private void some(Consumer<Server> act) {
            List<Server> servers = group.servers();
            if (!servers.isEmpty()) {
                act.accept(servers.get(draw(servers.size())));
            }
        }

        private int draw(int n) {
            return Hash64.index(dice.roll(), n);
        }
    }
}
