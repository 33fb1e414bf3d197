package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ErrorCode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code banyan load} is asked to do. Each component is one option of the command line, its {@link Default} the option's default as
 * a user would write it. {@link #at} gives all defaults; {@link #edit} changes some.
 */
public record LoadOptions(
        @Doc("--url: with --script url the address that is requested; with --script photos the site's address, without a path.") URI url,
        @Default("photos") @Doc("--script: 'photos' lets virtual users of the sample application take one step at each arrival; 'url' sends one GET at each.")
                Script script,
        @Default("100") @Doc("--rate: arrivals a second, as 200, or a ramp over the run, as 50..500.") Rate rate,
        @Default("poisson") @Doc("--arrivals: 'poisson' as independent users come, 'constant' evenly spaced.") Arrivals.Kind arrivals,
        @Default("10s") @Doc("--duration: how long arrivals come; the last answers are waited for after it.") Duration duration,
        @Default("0") @Doc("--requests: stop after this many arrivals even when time is left; 0 is no such limit.") long requests,
        @Default("20") @Doc("--users: virtual users of the script; they join before the first arrival, and each takes one step at a time.") int users,
        @Default("128") @Doc("--connections: the most connections open at a time; an arrival that finds none free waits, and the wait counts.") int connections,
        @Default("10s") @Doc("--timeout: how long a connection may take to open, an answer to be complete, and an arrival to wait for a free connection or user.")
                Duration timeout,
        @Doc("--expect-text: text that each body must hold; with --script url.") Optional<String> expectText,
        @Doc("--expect-bytes: the length each body must have; with --script url.") OptionalLong expectBytes,
        @Doc("--expect-sha256: the SHA-256 each body must have, as hexadecimal digits; with --script url.") Optional<String> expectSha256,
        @Default("0") @Doc("--max-failed: exit code 0 up to this many failed requests; a lost acknowledged write fails the run whatever it says.") long maxFailed,
        @Default("0") @Doc("--websockets: WebSockets held open during the run, each with a numbered message a second.") int websockets,
        @Default("/live") @Doc("--ws-path: the path of those WebSockets; it must echo what it gets.") String wsPath,
        @Doc("--ledger: the file that keeps the acknowledged writes; a temporary one, removed after a clean audit, when absent.") Optional<Path> ledger,
        @Doc("--allow-remote: why a target that is not this machine may be loaded, in a sentence; without it only loopback addresses are.")
                Optional<String> allowRemote) {

    /** What an arrival is. */
    public enum Script {
        @Doc("One GET of --url.")
        URL,
        @Doc("One step of a virtual user of the photos sample application.")
        PHOTOS
    }

    /** All defaults. */
    public static LoadOptions at(URI url, Script script) {
        return new LoadOptions(url, script, Rate.constant(100), Arrivals.Kind.POISSON, Duration.ofSeconds(10), 0, 20, 128, Duration.ofSeconds(10),
                Optional.empty(), OptionalLong.empty(), Optional.empty(), 0, 0, "/live", Optional.empty(), Optional.empty());
    }

    /** @throws BanyanException USAGE, naming all that is out of bounds */
    void check() {
        List<String> wrong = new ArrayList<>();
        bound(wrong, "--duration", duration.toSeconds(), duration.isPositive() && duration.toHours() <= 24, "over 0 s and at most 24 h");
        bound(wrong, "--timeout", timeout.toMillis(), timeout.toMillis() >= 1 && timeout.toMinutes() <= 10, "1 ms to 10 min");
        bound(wrong, "--requests", requests, requests >= 0, "0 or more");
        bound(wrong, "--users", users, users >= 1 && users <= 100_000, "1 to 100000");
        bound(wrong, "--connections", connections, connections >= 1 && connections <= 20_000, "1 to 20000");
        bound(wrong, "--max-failed", maxFailed, maxFailed >= 0, "0 or more");
        bound(wrong, "--websockets", websockets, websockets >= 0 && websockets <= 20_000, "0 to 20000");
        if (expectText.isPresent() && expectSha256.isPresent()) {
            wrong.add("--expect-text and --expect-sha256 exclude each other: a hash says it all");
        }
        if (!wrong.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, String.join("; ", wrong));
        }
    }

    private static void bound(List<String> wrong, String option, long value, boolean right, String allowed) {
        if (!right) {
            wrong.add(option + " is " + allowed + ", not " + value);
        }
    }

    /** Starts from these options and changes some. */
    public LoadOptionsEdit edit() {
        return new LoadOptionsEdit(this);
    }
}
