package dev.banyan.postgres;

import dev.banyan.net.Clock;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks one member the same question over and over, one at a time, over a connection that it opens anew when it breaks. Owned by its loop.
 */
final class MemberWatch {
    /** How long after a failure the connection is opened anew. */
    private static final long REOPEN_NANOS = 250_000_000;
    /** Without an answer for that long, the member counts as lost; the question stays, for it may only be slow. */
    static final long SILENT_NANOS = 500_000_000;
    /** Without an answer for that long, another connection is tried. */
    private static final long ABANDON_NANOS = 5_000_000_000L;
    /** Even in a hurry, questions are that far apart. */
    private static final long GAP_NANOS = 1_000_000;

    private final Member member;
    private String question;
    private final EventLoop loop;
    private final Monitor.Opener opener;
    private final Clock clock;
    private final Listener listener;
    private Attempt attempt;
    private ScheduledFuture<?> next;

    MemberWatch(Member member, String question, EventLoop loop, Monitor.Opener opener, Clock clock, Listener listener) {
        this.member = member;
        this.question = question;
        this.loop = loop;
        this.opener = opener;
        this.clock = clock;
        this.listener = listener;
    }

    /** Who is told. Called on the loop. */
    interface Listener {
        /** @param sentNanos when the question was sent */
        void answered(MemberWatch watch, long sentNanos, List<List<String>> rows);

        /** It cannot be asked, or does not answer. May be told again and again. */
        void lost(MemberWatch watch, String why);

        /** Nanoseconds from one question to the next. */
        long pace(MemberWatch watch);
    }

    Member member() {
        return member;
    }

    /** Asks this from now on. */
    void question(String another) {
        question = another;
    }

    void start() {
        attempt = new Attempt();
        opener.open(member, loop, attempt);
    }

    void stop() {
        cancelNext();
        if (attempt != null) {
            attempt.abandon();
            attempt = null;
        }
    }

    /** When the first question was sent over the connection of the last answer: the server has not ended since. */
    long sinceNanos() {
        return attempt == null ? clock.nanos() : attempt.firstNanos;
    }

    /** Asks as soon as may be; when a question is under way, right after it as the pace then says. */
    void hurry() {
        if (attempt != null && attempt.isIdle()) {
            schedule(Math.max(0, attempt.sinceNanos + GAP_NANOS - clock.nanos()));
        }
    }

    /** To be called now and then: notices silence. */
    void tick() {
        if (attempt == null || attempt.isIdle()) {
            return;
        }
        long silent = clock.nanos() - attempt.sinceNanos;
        if (silent >= ABANDON_NANOS) {
            stop();
            start();
        } else if (silent >= SILENT_NANOS) {
            listener.lost(this, "it has not answered for " + silent / 1_000_000 + " ms");
        }
    }

    private void schedule(long delayNanos) {
        cancelNext();
        if (delayNanos == 0) {
            attempt.ask();
        } else {
            next = loop.schedule(this::askNow, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void askNow() {
        next = null;
        if (attempt != null && attempt.isIdle()) {
            attempt.ask();
        }
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    private void reopen() {
        if (attempt == null) {
            start();
        }
    }

    /** One connection and the question at it. What comes late from one that was given up is dropped. */
    private final class Attempt implements Monitor.Opening, Monitor.Reply {
        private Monitor monitor;
        private boolean busy = true;
        /** When the question under way, or the last one, was sent; before the first, when the opening began. */
        private long sinceNanos = clock.nanos();
        private long firstNanos;

        boolean isIdle() {
            return !busy;
        }

        void ask() {
            busy = true;
            sinceNanos = clock.nanos();
            monitor.ask(question, this);
        }

        void abandon() {
            if (monitor != null) {
                monitor.close();
            }
        }

        @Override
        public void opened(Monitor opened) {
            monitor = opened;
            if (attempt != this) {
                opened.close();
                return;
            }
            // A server that ends is noticed at once, not at the next question: what it had is no longer what it has.
            opened.whenClosed(() -> failed("its connection was closed"));
            ask();
            firstNanos = sinceNanos;
        }

        @Override
        public void rows(List<List<String>> rows) {
            if (attempt != this) {
                return;
            }
            busy = false;
            listener.answered(MemberWatch.this, sinceNanos, rows);
            if (attempt == this) {
                schedule(Math.max(GAP_NANOS, listener.pace(MemberWatch.this)));
            }
        }

        @Override
        public void failed(String why) {
            if (attempt != this) {
                return;
            }
            attempt = null;
            listener.lost(MemberWatch.this, why);
            next = loop.schedule(MemberWatch.this::reopen, REOPEN_NANOS, TimeUnit.NANOSECONDS);
        }
    }
}
