package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.file.SiteFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop's part of the router is made when its first client comes, whatever else happens just then. */
@Timeout(30)
class NewLoopTest {
    @Test
    void nodesThatComeWhileALoopGetsItsFirstClientAreKnownToIt() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        CacheRouter settings = SiteFile.read("{site: a, application: {command: x}, cache: {kind: redis, router: {listen: '127.0.0.1:0'}}}", _ -> Optional.empty()).orThrow("test").cache().router();
        try (RealRedis node = RealRedis.start(); Loops loops = Loops.open(IoKind.NIO, 2); ExecutorService other = Executors.newSingleThreadExecutor()) {
            Clock clock = interrupted(meanwhile);
            try (RespRouter router = RespRouter.of(new RespRouter.Setup(settings, Optional.empty(), Optional.empty(), NodeLogin.NONE, loops.transport(), clock, Loops.random(1),
                    new Registry(Clock.system()), _ -> {}, _ -> {})).open()) {
                meanwhile.set(() -> await(other.submit(() -> router.use(new Layout.Ring(List.of(node.node("cache-1")))))));
                try (Talk talk = Talk.to(router.address())) {
                    Await.until("the node is known", 5, () -> talk.ask("SET foo bar").equals("OK"));
                }
            }
        }
        assertThat(meanwhile.get()).as("it happened in between").isNull();
    }

    /** A clock that, the first time a loop reads it while its part is made, has something else happen. */
    private static Clock interrupted(AtomicReference<Runnable> meanwhile) {
        Clock system = Clock.system();
        return new Clock() {
            @Override
            public long nanos() {
                boolean making = StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".RouterLoop") && frame.getMethodName().equals("<init>")));
                Runnable task = making ? meanwhile.getAndSet(null) : null;
                if (task != null) {
                    task.run();
                }
                return system.nanos();
            }

            @Override
            public Instant now() {
                return system.now();
            }

            @Override
            public void sleep(Duration time) throws InterruptedException {
                system.sleep(time);
            }
        };
    }

    /** What waits for the loop itself is not waited for. */
    private static void await(Future<?> task) {
        try {
            task.get(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // It has told the loops that it knew, and goes on when this one is made.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
