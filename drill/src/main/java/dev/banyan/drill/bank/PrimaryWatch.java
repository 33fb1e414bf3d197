package dev.banyan.drill.bank;

import dev.banyan.drill.PostgresUrl;
import dev.banyan.net.Clock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.BooleanSupplier;

/**
 * Asks one server over and over, past everything that stands before it, whether it takes writes. One that does not answer for a while and then
 * goes on as a primary was one all along: so is a process found out that was stopped, replaced, and let go on. Runs on one thread.
 */
final class PrimaryWatch implements Runnable {
    private static final Duration EVERY = Duration.ofMillis(20);
    /** A stopped process does not answer; when it goes on, the answer comes. */
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final String QUESTION =
            "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off', pg_postmaster_start_time()";

    private final String server;
    private final Properties url;
    private final Clock clock;
    private final BooleanSupplier over;
    private final List<Reign> reigns = new ArrayList<>();
    private Optional<Reign> current = Optional.empty();
    private long answers;

    PrimaryWatch(Server server, Optional<String> allowRemote, Clock clock, BooleanSupplier over) {
        this.server = server.name();
        this.url = PostgresUrl.of(server.url(), "server " + server.name(), allowRemote);
        this.clock = clock;
        this.over = over;
    }

    @Override
    public void run() {
        try {
            while (!over.getAsBoolean()) {
                watch();
                clock.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the connection is lost. */
    private void watch() throws InterruptedException {
        try (Connection connection = PostgresUrl.connect(url, "banyan drill watch", ANSWER); Statement statement = connection.createStatement()) {
            while (!over.getAsBoolean()) {
                long asked = clock.nanos();
                try (ResultSet row = statement.executeQuery(QUESTION)) {
                    row.next();
                    seen(row.getBoolean(1), row.getTimestamp(2).toInstant(), asked, clock.nanos());
                }
                clock.sleep(EVERY);
            }
        } catch (SQLException e) {
            // It is down, starting, or stopped; asked again in a moment.
        }
    }

    synchronized void seen(boolean primary, Instant started, long askedNanos, long answeredNanos) {
        answers++;
        boolean same = current.map(reign -> reign.started().equals(started)).orElse(false);
        if (primary && same) {
            current = current.map(reign -> reign.longer(askedNanos));
            return;
        }
        current.ifPresent(reigns::add);
        current = primary ? Optional.of(new Reign(server, started, answeredNanos, answeredNanos)) : Optional.empty();
    }

    /** What is certain until now. */
    synchronized List<Reign> reigns() {
        List<Reign> all = new ArrayList<>(reigns);
        current.ifPresent(all::add);
        return all;
    }

    synchronized long answers() {
        return answers;
    }
}
