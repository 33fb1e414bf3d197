package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.Instance.State;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.Application;
import dev.banyan.topology.Applied;
import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Console;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    @TempDir
    private Path folder;

    private final FakeWorld world = new FakeWorld();
    private final Loops loops = Loops.open(IoKind.NIO, 1);
    private Journal journal;
    private Site site;

    @BeforeEach
    void up() {
        open(Sites.photos(1));
        assertThat(make(new Request.Up())).isInstanceOf(Outcome.Done.class);
    }

    @AfterEach
    void end() {
        site.close();
        journal.close();
        loops.close();
    }

    @Test
    void aSecondMoveIsRefusedWithTheNameOfTheFirst() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        world.failWhen(call -> {
            if (call.equals("await web-2")) {
                entered.countDown();
                await(go);
            }
            return false;
        });
        Move first = site.begin(new Request.To(Stage.LOAD_BALANCER));
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> site.begin(new Request.Deploy(Topology.APPLICATION))).isInstanceOf(BanyanException.class)
                .hasMessage("a move is under way: grow to stage 3 (3 instances) (number 2); wait for its end, 'banyan status' shows it")
                .extracting(e -> ((BanyanException) e).code()).isEqualTo(ErrorCode.BUSY);
        assertThat(site.current()).contains(first);
        go.countDown();
        assertThat(first.outcome().orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Outcome.Done.class);
        assertThat(site.current()).isEmpty();
        assertThat(site.wanted().stage()).isEqualTo(Stage.LOAD_BALANCER);
    }

    @Test
    void aMoveThatWasUndoneLeavesTheWantedSite() {
        world.failWhen(call -> call.equals("await web-3"));
        assertThat(make(new Request.To(Stage.LOAD_BALANCER))).isInstanceOf(Outcome.Undone.class);
        assertThat(site.wanted().stage()).isEqualTo(Stage.SINGLE_SERVER);
    }

    @Test
    void afterAGrowAnEditOfTheSettingsLeavesItGrown_andAnEditOfTheStageWins() {
        make(new Request.To(Stage.LOAD_BALANCER));
        make(new Request.Apply(Sites.drains(1, 5)));
        assertThat(site.observed().serving()).isEqualTo(3);
        make(new Request.Apply(Sites.drains(3, 5)));
        assertThat(site.observed().serving()).isEqualTo(3);
        make(new Request.Apply(Sites.drains(1, 5)));
        assertThat(site.observed().serving()).isEqualTo(1);
    }

    @Test
    void editsThatNeedANewStartAreRefusedAsAWhole() {
        Topology file = Sites.drains(3, 5);
        Topology moved = new Topology(file.site(), file.stage(), file.application(), file.services(), file.database(), file.cache(), file.edge(), file.frontDoor(), file.gateway(),
                new Console(new HostPort("127.0.0.1", 9911), Optional.empty()), file.telemetry(), file.slo());
        assertThatThrownBy(() -> site.begin(new Request.Apply(moved))).isInstanceOf(BanyanException.class)
                .hasMessageContaining("nothing was changed: console.listen: 127.0.0.1:9900 -> 127.0.0.1:9911. Take them back, or stop the site");
        assertThat(site.observed().serving()).isEqualTo(1);
    }

    @Test
    void withServersThatRunAlreadyThereIsNothingToDeploy() {
        Site other = new Site(Sites.servers(3, Sites.server(8001, 1)), journal, world.ports(), loops.blocking());
        assertThatThrownBy(() -> other.plan(new Request.Deploy(Topology.APPLICATION))).hasMessageContaining("deploy them yourself");
    }

    @Test
    void aServerIsSetAsideAndPutBack() {
        make(new Request.To(Stage.LOAD_BALANCER));
        make(new Request.SetAside("web-2"));
        assertThat(world.draining).containsExactly("web-2");
        assertThat(site.observed().called("web-2").orElseThrow().state()).isEqualTo(State.SET_ASIDE);
        assertThat(site.plan(new Request.To(Stage.LOAD_BALANCER)).isEmpty()).isTrue();
        make(new Request.PutBack("web-2"));
        assertThat(world.serving()).isEqualTo(3);
        assertThatThrownBy(() -> site.begin(new Request.SetAside("web-9"))).hasMessage("there is no server 'web-9'; there are web-1, web-2, web-3");
    }

    @Test
    void aSiteThatStopsCutsItsMoveShort_andTheNextStartGoesBack() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        world.failWhen(call -> {
            if (call.equals("await web-2")) {
                entered.countDown();
                await(new CountDownLatch(1));
            }
            return false;
        });
        Move move = site.begin(new Request.To(Stage.LOAD_BALANCER));
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        site.close();
        assertThat(move.outcome().join()).isInstanceOf(Outcome.Stopped.class);
        journal.close();
        world.decisions.clear();
        open(Sites.photos(1));
        assertThat(site.wanted().stage()).isEqualTo(Stage.SINGLE_SERVER);
        assertThat(world.decisions).singleElement().satisfies(decision -> {
            assertThat(decision.what()).isEqualTo("go back to stage 1");
            assertThat(decision.why()).isEqualTo("the last move was cut short before it committed");
            assertThat(decision.seen()).isEqualTo("'grow to stage 3 (3 instances)': 4 of 10 steps done");
        });
    }

    /** What {@link Course} replaces instances for is what the site file's page calls rolling. */
    @Test
    void theKeysThatReplaceInstancesAreThoseMarkedRolling() {
        List<String> rolling = Stream.of(Application.class.getRecordComponents())
                .filter(c -> c.isAnnotationPresent(Applied.class) && c.getAnnotation(Applied.class).value() == Effect.ROLLING)
                .map(c -> c.getName()).toList();
        assertThat(rolling).containsExactlyInAnyOrder("command", "directory", "environment");
    }

    private void open(Topology file) {
        journal = Journal.open(folder);
        site = new Site(file, journal, world.ports(), loops.blocking());
    }

    private Outcome make(Request request) {
        return site.begin(request).outcome().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("waited 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.INTERNAL, "interrupted", e);
        }
    }
}
