package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A supervised process: started, its output kept, restarted with growing waits when it ends by itself, and ended together with everything
 * below it. One task supervises it from first start to stop; other threads ask and stop.
 */
final class ChildProcess {
    private static final int NOT_STARTED = 127;
    private static final int DIAGNOSED_LINES = 40;
    private static final Duration PUMP_WAIT = Duration.ofSeconds(2);

    private final ChildSpec spec;
    private final Supervisor supervisor;
    private final ProcessTable table = ProcessTable.ofThisMachine();
    private final RecentLines recent = new RecentLines();
    /** Opens when the supervising task has ended. */
    private final CountDownLatch over = new CountDownLatch(1);
    /** Opens when a stop has ended the processes. */
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Guards the three below: a stop must not slip between the decision to start and the start. */
    private final ReentrantLock lock = new ReentrantLock();
    private boolean stopping;
    private Thread sleeper;
    private ProcessRecord record;

    private volatile Process process;
    private volatile int exits;
    private volatile ProcessEvent.Exited lastExit;
    private volatile WhenItEnds whenItEnds = WhenItEnds.RESTART;
    private final List<Runnable> endings = new CopyOnWriteArrayList<>();

    ChildProcess(ChildSpec spec, Supervisor supervisor) {
        this.spec = spec;
        this.supervisor = supervisor;
    }

    String name() {
        return spec.name();
    }

    /** The running process' id; empty between an end and the next start. */
    OptionalLong pid() {
        Process now = process;
        return now != null && now.isAlive() ? OptionalLong.of(now.pid()) : OptionalLong.empty();
    }

    boolean alive() {
        return pid().isPresent();
    }

    /** How often it has ended by itself. */
    int exits() {
        return exits;
    }

    /** How it ended the last time it did so by itself. */
    Optional<ProcessEvent.Exited> lastExit() {
        return Optional.ofNullable(lastExit);
    }

    /** The last lines of its output, oldest first. */
    List<String> recentLines(int count) {
        return recent.last(count);
    }

    /** Puts a line of Banyan's among its last ones. */
    void remark(String line) {
        byte[] bytes = ("banyan: " + line + "\n").getBytes(StandardCharsets.UTF_8);
        recent.add(bytes, bytes.length);
    }

    /** What follows its next end, and an end whose restart is still waited for. */
    void whenItEnds(WhenItEnds then) {
        whenItEnds = then;
    }

    /**
     * Runs the task each time it has ended by itself, on its supervising thread, as soon as the system says so and before anything else
     * is done about it: what was below it may still run for a moment.
     */
    void onEnd(Runnable task) {
        endings.add(task);
    }

    /** Whether it will not run again: stopped, killed, or ended with nobody to start it. */
    boolean over() {
        return over.getCount() == 0;
    }

    /** Ends it and everything below it and returns when all is gone. A second call waits for the first. */
    void stop() {
        if (beginStop()) {
            boolean killed = record != null && ending().gently(spec.stopTimeout()).killed();
            ProcessRecord.delete(supervisor.folder(), spec.name());
            supervisor.tell(new ProcessEvent.Stopped(spec.name(), killed));
            stopped.countDown();
        }
        await(stopped, spec.stopTimeout().plus(Ending.KILL_WAIT));
        await(over, PUMP_WAIT.multipliedBy(2));
    }

    /**
     * Kills it and everything below it, whatever state it is in, a stopped one too, and returns when all is gone; also while a stop is
     * waiting. It is never started again. ENGINE_FAILED when the system does not let a process go.
     */
    void kill() {
        boolean first = beginStop();
        Process head = process;
        if (head != null) {
            // Before the family is looked for, so that it has no more children.
            head.destroyForcibly();
        }
        Ending.Outcome outcome = record == null ? new Ending.Outcome(0, false, Set.of()) : ending().kill();
        if (!outcome.left().isEmpty()) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, spec.name() + " was killed " + Ending.KILL_WAIT.toSeconds() + " s ago and the system still has processes "
                    + outcome.left().stream().map(SeenProcess::pid).sorted().toList() + " of it; it must not be replaced before they are gone");
        }
        if (first) {
            ProcessRecord.delete(supervisor.folder(), spec.name());
            supervisor.tell(new ProcessEvent.Killed(spec.name(), outcome.ended()));
            stopped.countDown();
        }
        await(over, PUMP_WAIT.multipliedBy(2));
    }

    /** From here on nothing is started. False when another has begun already. */
    private boolean beginStop() {
        lock.lock();
        try {
            boolean first = !stopping;
            stopping = true;
            if (sleeper != null) {
                sleeper.interrupt();
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void await(CountDownLatch latch, Duration atMost) {
        try {
            if (!latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BanyanException(ErrorCode.INTERNAL, spec.name() + " was told to stop " + atMost.toSeconds() + " s ago and has not");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Ending ending() {
        Kin kin = Kin.of(supervisor.folder(), spec, record, table);
        return new Ending(() -> kin.find(table), table, supervisor.clock());
    }

    /** The supervising task: runs until stopped. */
    void supervise() {
        Backoff backoff = new Backoff(supervisor.random());
        try (LogFile log = new LogFile(LogFile.in(supervisor.folder(), spec.name()), LogFile.ROTATE_BYTES)) {
            while (true) {
                long started = supervisor.clock().nanos();
                int code = runOnce(log);
                Duration ran = Duration.ofNanos(supervisor.clock().nanos() - started);
                if (stopping()) {
                    return;
                }
                lastExit = new ProcessEvent.Exited(spec.name(), code, ran, spec.diagnosis().apply(recent.last(DIAGNOSED_LINES)));
                exits++;
                supervisor.tell(lastExit);
                if (whenItEnds == WhenItEnds.TELL) {
                    return;
                }
                Duration wait = backoff.after(ran);
                supervisor.tell(new ProcessEvent.Restarting(spec.name(), lastExit, wait, backoff.attempt()));
                if (!sleep(wait) || whenItEnds == WhenItEnds.TELL) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over.countDown();
        }
    }

    /** Starts it and waits until it and everything below it have ended; returns its exit code. */
    private int runOnce(LogFile log) throws InterruptedException {
        Process started;
        try {
            spec.beforeStart().run();
            started = launch();
        } catch (IOException | BanyanException e) {
            note(log, "banyan: " + spec.name() + " cannot be started: " + e.getMessage() + "\n");
            tellEnd();
            return NOT_STARTED;
        }
        if (started == null) {
            return 0;
        }
        supervisor.tell(new ProcessEvent.Started(spec.name(), started.pid(), exits > 0));
        Future<?> pump = supervisor.blocking().submit(() -> pump(started, log));
        int code = started.waitFor();
        if (!stopping()) {
            tellEnd();
            // What it left below itself would hold its port, and the pipe that is read here.
            ending().kill();
        }
        awaitOutput(pump);
        return code;
    }

    private void tellEnd() {
        for (Runnable task : endings) {
            try {
                task.run();
            } catch (RuntimeException e) {
                // As with listeners: it must not leave a process without its supervisor.
                System.getLogger(ChildProcess.class.getName()).log(System.Logger.Level.ERROR, "what was to hear of the end of " + spec.name() + " failed", e);
            }
        }
    }

    /** Null when it has been stopped meanwhile. */
    private Process launch() throws IOException {
        lock.lock();
        try {
            if (stopping) {
                return null;
            }
            ProcessBuilder builder = new ProcessBuilder(Session.lead(spec.command()))
                    .directory(spec.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("BANYAN_"));
            environment.putAll(spec.environment());
            environment.put(Kin.OWNER, supervisor.folder().toString());
            environment.put(Kin.PROCESS, spec.name());
            Process started = builder.start();
            process = started;
            String birth = table.find(started.pid()).map(SeenProcess::birth).orElse("ended");
            record = new ProcessRecord(spec.name(), started.pid(), birth, spec.command().getFirst());
            recordOrKill();
            return started;
        } finally {
            lock.unlock();
        }
    }

    /** A child that is not on record must not run: it might never be found again. */
    private void recordOrKill() {
        try {
            record.write(supervisor.folder());
        } catch (BanyanException e) {
            ending().kill();
            throw e;
        }
    }

    private void pump(Process from, LogFile log) {
        byte[] chunk = new byte[16 << 10];
        try (InputStream output = from.getInputStream()) {
            for (int read = output.read(chunk); read >= 0; read = output.read(chunk)) {
                recent.add(chunk, read);
                log.append(chunk, read);
            }
        } catch (IOException closed) {
            // It ended: there is nothing more to read.
        }
    }

    private void note(LogFile log, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        recent.add(bytes, bytes.length);
        log.append(bytes, bytes.length);
    }

    private static void awaitOutput(Future<?> pump) throws InterruptedException {
        try {
            pump.get(PUMP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException heldByAStranger) {
            pump.cancel(true);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading a process' output failed", e.getCause());
        }
    }

    /** False when it was stopped meanwhile. */
    private boolean sleep(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            if (stopping) {
                return false;
            }
            sleeper = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            supervisor.clock().sleep(wait);
            return !stopping();
        } catch (InterruptedException e) {
            if (stopping()) {
                return false;
            }
            throw e;
        } finally {
            awake();
        }
    }

    private void awake() {
        lock.lock();
        try {
            sleeper = null;
        } finally {
            lock.unlock();
        }
    }

    private boolean stopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }
}
