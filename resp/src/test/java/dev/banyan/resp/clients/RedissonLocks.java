package dev.banyan.resp.clients;

import static dev.banyan.resp.clients.RedissonScenarios.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RCountDownLatch;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RReadWriteLock;
import org.redisson.api.RSemaphore;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;

/** What keeps applications apart: Lua scripts that wake those who wait through a channel. */
final class RedissonLocks {
    private RedissonLocks() {}

    static List<Scenario<RedissonClients>> all() {
        return List.of(
                new Scenario<>("locks", RedissonLocks::locks),
                new Scenario<>("a lock that is given up", RedissonLocks::givenUp),
                new Scenario<>("fair locks", RedissonLocks::fairLocks),
                new Scenario<>("read and write locks", RedissonLocks::readWriteLocks),
                new Scenario<>("fenced locks, spin locks and locks of several", RedissonLocks::otherLocks),
                new Scenario<>("semaphores", RedissonLocks::semaphores),
                new Scenario<>("semaphores whose permits expire", RedissonLocks::expirableSemaphores),
                new Scenario<>("latches", RedissonLocks::latches),
                new Scenario<>("rate limits", RedissonLocks::rateLimits));
    }

    static List<Scenario<RedissonClients>> slow() {
        return List.of(new Scenario<>("a held lock is renewed", RedissonLocks::renewed), new Scenario<>("the lock of one who died", RedissonLocks::orphaned));
    }

    /** Two applications of three threads each count without a lock of their own, on a number that they read and write. */
    private static void locks(RedissonClients clients) {
        String name = clients.name("locked");
        clients.one().getBucket(name + ":sum").set(0);
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (RedissonClient client : List.of(clients.one(), clients.two(), clients.one(), clients.two(), clients.one(), clients.two())) {
            workers.add(Background.run(() -> {
                RLock lock = client.getLock(name);
                for (int i = 0; i < 10; i++) {
                    lock.lock();
                    try {
                        lock.lock();
                        client.<Integer>getBucket(name + ":sum").set(client.<Integer>getBucket(name + ":sum").get() + 1);
                        lock.unlock();
                    } finally {
                        lock.unlock();
                    }
                }
            }));
        }
        workers.forEach(CompletableFuture::join);
        assertThat(clients.one().<Integer>getBucket(name + ":sum").get()).isEqualTo(60);
        assertThat(clients.two().getLock(name).isLocked()).isFalse();
    }

    private static void givenUp(RedissonClients clients) throws InterruptedException {
        RLock mine = clients.one().getLock(clients.name("given up"));
        RLock theirs = clients.two().getLock(clients.name("given up"));
        mine.lock(1, TimeUnit.HOURS);
        assertThat(theirs.tryLock()).isFalse();
        assertThat(theirs.tryLock(20, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(theirs.isLocked()).isTrue();
        assertThat(theirs.isHeldByCurrentThread()).isFalse();
        assertThat(mine.getHoldCount()).isEqualTo(1);
        assertThat(theirs.forceUnlock()).isTrue();
        assertThat(theirs.tryLock()).isTrue();
        assertThat(mine.tryLock()).isFalse();
        theirs.unlock();
    }

    private static void fairLocks(RedissonClients clients) {
        String name = clients.name("fair");
        RLock first = clients.one().getFairLock(name);
        first.lock();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int turn = i;
            RedissonClient client = i % 2 == 0 ? clients.one() : clients.two();
            waiting.add(Background.run(() -> {
                RLock lock = client.getFairLock(name);
                lock.lock();
                order.add(turn);
                lock.unlock();
            }));
            await(() -> clients.one().getList("redisson_lock_queue:{" + name + "}").size() == turn + 1);
        }
        first.unlock();
        waiting.forEach(CompletableFuture::join);
        assertThat(order).containsExactly(0, 1, 2, 3);
    }

    private static void readWriteLocks(RedissonClients clients) {
        RReadWriteLock one = clients.one().getReadWriteLock(clients.name("read write"));
        RReadWriteLock two = clients.two().getReadWriteLock(clients.name("read write"));
        one.readLock().lock();
        assertThat(two.readLock().tryLock()).as("readers together").isTrue();
        assertThat(two.writeLock().tryLock()).as("a writer among readers").isFalse();
        CompletableFuture<Void> writing = Background.run(() -> {
            two.writeLock().lock();
            two.writeLock().unlock();
        });
        assertThat(writing).isNotDone();
        one.readLock().unlock();
        two.readLock().unlock();
        writing.join();
        one.writeLock().lock();
        assertThat(one.readLock().tryLock()).as("a writer who reads").isTrue();
        assertThat(two.readLock().tryLock()).as("a reader beside a writer").isFalse();
        one.readLock().unlock();
        one.writeLock().unlock();
    }

    private static void otherLocks(RedissonClients clients) throws InterruptedException {
        RFencedLock fenced = clients.one().getFencedLock(clients.name("fenced"));
        long token = fenced.lockAndGetToken();
        fenced.unlock();
        assertThat(clients.two().getFencedLock(clients.name("fenced")).lockAndGetToken()).isGreaterThan(token);

        RLock spinning = clients.one().getSpinLock(clients.name("spin"));
        spinning.lock();
        CompletableFuture<Void> spun = Background.run(() -> {
            RLock other = clients.two().getSpinLock(clients.name("spin"));
            other.lock();
            other.unlock();
        });
        spinning.unlock();
        spun.join();

        // Each on a node of its own, maybe.
        RLock all = clients.one().getMultiLock(clients.one().getLock(clients.name("left")), clients.one().getLock(clients.name("middle")), clients.one().getLock(clients.name("right")));
        assertThat(all.tryLock(10, TimeUnit.SECONDS)).isTrue();
        assertThat(clients.two().getLock(clients.name("middle")).tryLock()).isFalse();
        all.unlock();
        assertThat(clients.two().getLock(clients.name("middle")).tryLock()).isTrue();
    }

    private static void semaphores(RedissonClients clients) throws InterruptedException {
        RSemaphore one = clients.one().getSemaphore(clients.name("semaphore"));
        RSemaphore two = clients.two().getSemaphore(clients.name("semaphore"));
        assertThat(one.trySetPermits(3)).isTrue();
        assertThat(two.trySetPermits(5)).isFalse();
        one.acquire(2);
        assertThat(two.tryAcquire(2)).isFalse();
        CompletableFuture<Void> waiting = Background.run(() -> two.acquire(3));
        one.release();
        assertThat(waiting).isNotDone();
        one.release();
        waiting.join();
        assertThat(one.availablePermits()).isZero();
        two.release(3);
        assertThat(one.drainPermits()).isEqualTo(3);
    }

    private static void expirableSemaphores(RedissonClients clients) throws InterruptedException {
        RPermitExpirableSemaphore one = clients.one().getPermitExpirableSemaphore(clients.name("expirable"));
        one.trySetPermits(1);
        assertThat(one.acquire(100, TimeUnit.MILLISECONDS)).isNotEmpty();
        String permit = clients.two().getPermitExpirableSemaphore(clients.name("expirable")).acquire(); // when the first has expired
        assertThat(one.tryAcquire()).isNull();
        assertThat(one.updateLeaseTime(permit, 1, TimeUnit.HOURS)).isTrue();
        assertThat(one.tryRelease(permit)).isTrue();
        assertThat(one.tryRelease(permit)).isFalse();
        assertThat(one.availablePermits()).isEqualTo(1);
    }

    private static void latches(RedissonClients clients) {
        RCountDownLatch one = clients.one().getCountDownLatch(clients.name("latch"));
        RCountDownLatch two = clients.two().getCountDownLatch(clients.name("latch"));
        assertThat(one.trySetCount(2)).isTrue();
        CompletableFuture<Void> waiting = Background.run(two::await);
        one.countDown();
        assertThat(waiting).isNotDone();
        one.countDown();
        waiting.join();
        assertThat(two.getCount()).isZero();
    }

    private static void rateLimits(RedissonClients clients) {
        RRateLimiter one = clients.one().getRateLimiter(clients.name("rate"));
        RRateLimiter two = clients.two().getRateLimiter(clients.name("rate"));
        assertThat(one.trySetRate(RateType.OVERALL, 5, Duration.ofHours(1))).isTrue();
        assertThat(one.tryAcquire(3)).isTrue();
        assertThat(two.tryAcquire(3)).isFalse();
        assertThat(two.tryAcquire(2)).isTrue();
        assertThat(one.availablePermits()).isZero();
    }

    /** Its time to live grows by itself: nobody else sees it free while its holder lives. */
    private static void renewed(RedissonClients clients) {
        RLock lock = clients.one().getLock(clients.name("renewed"));
        lock.lock();
        long third = RedissonClients.WATCHDOG.toMillis() / 3;
        RLock seen = clients.two().getLock(clients.name("renewed"));
        await(() -> seen.remainTimeToLive() < 2 * third + third / 2);
        await(() -> seen.remainTimeToLive() > 2 * third + third / 2);
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
    }

    private static void orphaned(RedissonClients clients) {
        RedissonClient dying = clients.another();
        dying.getLock(clients.name("orphaned")).lock();
        CompletableFuture<Void> waiting = Background.run(() -> {
            RLock lock = clients.one().getLock(clients.name("orphaned"));
            lock.lock();
            lock.unlock();
        });
        dying.shutdown(0, 0, TimeUnit.SECONDS);
        waiting.join();
        assertThat(clients.two().getLock(clients.name("orphaned")).isLocked()).isFalse();
    }
}
