package dev.banyan.cli;

import dev.banyan.engines.SiteHold;
import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.JavaLogging;
import dev.banyan.telemetry.LogEvent;
import dev.banyan.telemetry.LogFormat;
import dev.banyan.telemetry.ProcessFigures;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Telemetry;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * What every part of a running site stands on. Safe for any thread.
 *
 * @param folder the state folder, which this Banyan alone has while the site runs
 * @param decisions to which each tells what it did by itself
 * @param files watches files for whoever wants to know of their change
 */
record Ground(StateFolder folder, Clock clock, Loops loops, Registry registry, EventLog log, Decisions decisions, FileWatch files) {
    private static final Duration LOOK_AT_FILES = Duration.ofSeconds(2);

    /**
     * @param opened gets each part as soon as it is open, also when the next one cannot be
     * @throws dev.banyan.topology.BanyanException SITE_IS_HELD, DISK
     */
    static Ground open(Topology file, StateFolder folder, Clock clock, Opened opened) {
        opened.add("the hold on " + folder, SiteHold.take(folder));
        Loops loops = Loops.open(file.frontDoor().io(), file.frontDoor().ioLoops());
        opened.add("the loops", loops);
        Registry registry = new Registry(clock);
        EventLog log = EventLog.open(folder.path().resolve("logs").resolve("banyan.log"), format(file.telemetry().logFormat()), LogEvent.Level.INFO, loops, clock, registry);
        opened.logTo(log);
        JavaLogging.into(log);
        ProcessFigures.observe(registry);
        registry.onOverflow(sentence -> log.warn("telemetry", sentence));
        FileWatch files = FileWatch.start(loops.blocking(), clock, LOOK_AT_FILES);
        opened.add("the watch of files", files);
        return new Ground(folder, clock, loops, registry, log, new Decisions(registry, log), files);
    }

    private static LogFormat format(Telemetry.LogFormat wanted) {
        return switch (wanted) {
            case JSON -> LogFormat.JSON;
            case HUMAN -> LogFormat.HUMAN;
        };
    }

    /** Where certificates are kept that are made here, for want of others. */
    Path certificates() {
        return folder.path().resolve("certificates");
    }

    /** Tells what Banyan did by itself, now. */
    void announce(String what, String why, String seen) {
        decisions.announce(new Decision(what, why, seen, clock.now()));
    }

    /** Runs a task once after a while, where it may block. */
    void later(Duration wait, Runnable task) {
        loops.control().schedule(() -> loops.blocking().execute(task), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task again and again until the loops close, where it may block. */
    void every(Duration first, Duration pause, Runnable task) {
        loops.control().scheduleWithFixedDelay(() -> loops.blocking().execute(task), first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A name that nothing else has, in this run or in another. */
    static String newName() {
        return HexFormat.of().toHexDigits(Loops.secrets().nextLong());
    }
}
