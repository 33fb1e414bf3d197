package dev.banyan.telemetry.logs;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Searches the logs of a folder. Every log is read from its end; the one whose unread part is the newest goes on, so that what was found when a bound is
 * reached is all there is of the time since. It reads {@value #MOST_MEGABYTES} MB at most and for a second at most.
 */
public final class LogSearch {
    private static final int MOST_MEGABYTES = 512;
    private static final Duration LONGEST = Duration.ofMillis(800);

    private final Path folder;
    private final Clock clock;
    private final long mostBytes;

    public LogSearch(Path folder, Clock clock) {
        this(folder, clock, MOST_MEGABYTES * 1_000_000L);
    }

    LogSearch(Path folder, Clock clock, long mostBytes) {
        this.folder = folder;
        this.clock = clock;
        this.mostBytes = mostBytes;
    }

    /** @throws BanyanException NO_SUCH_THING when there is no log of the name asked for; USAGE for an expression that is none; DISK */
    public LogFound find(LogQuestion question) {
        LineFilter filter = LineFilter.of(question);
        Optional<Instant> since = question.since().map(back -> back.compareTo(Duration.ofDays(36_500)) > 0 ? Instant.EPOCH : clock.now().minus(back));
        List<BackwardLog> opened = new ArrayList<>();
        try {
            for (LogName log : logs(question)) {
                opened.add(BackwardLog.open(folder, log, filter, since, ZoneId.systemDefault()));
            }
            return find(question.most(), opened);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot read the logs in " + folder + ": " + e.getMessage(), e);
        } finally {
            opened.forEach(BackwardLog::close);
        }
    }

    private List<LogName> logs(LogQuestion question) throws IOException {
        List<LogName> all = LogName.in(folder);
        List<LogName> asked = all.stream().filter(log -> question.name().stream().allMatch(log.name()::equals)).filter(log -> question.tier().stream().allMatch(log.tier()::equals)).toList();
        if (question.name().isPresent() && all.stream().noneMatch(log -> log.name().equals(question.name().get()))) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no log of '" + question.name().get() + "' in " + folder + "; there are: "
                    + (all.isEmpty() ? "none yet" : String.join(", ", all.stream().map(LogName::name).toList())));
        }
        return asked;
    }

    private LogFound find(int most, List<BackwardLog> opened) throws IOException {
        long until = clock.nanos() + LONGEST.toNanos();
        PriorityQueue<BackwardLog> unread = new PriorityQueue<>(Comparator.comparing(BackwardLog::frontier).reversed());
        opened.stream().filter(BackwardLog::hasMore).forEach(unread::add);
        Gathered found = new Gathered(most);
        long bytes = 0;
        while (!unread.isEmpty() && bytes < mostBytes && clock.nanos() < until && !found.isEnough(unread.peek().frontier())) {
            BackwardLog next = unread.poll();
            bytes += next.readOn(found);
            if (next.hasMore()) {
                unread.add(next);
            }
        }
        return found.told(!unread.isEmpty());
    }
}
