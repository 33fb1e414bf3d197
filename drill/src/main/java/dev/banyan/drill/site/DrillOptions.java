package dev.banyan.drill.site;

import dev.banyan.drill.LoadOptions;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Default;
import dev.banyan.topology.Doc;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a drill of a site is asked to do. {@link #at} gives all defaults. */
public record DrillOptions(
        @Doc("What users ask meanwhile; its duration and its bound on failures are not heeded, for the drill knows when it is over and what may fail.") LoadOptions load,
        @Doc("--fault: what is done; the drill's usual one when absent.") Optional<FaultKind> fault,
        @Doc("--target: which node is broken; one of the right kind that is up when absent.") Optional<String> target,
        @Default("10s") @Doc("--for: how long a fault lasts that lasts.") Duration lasting,
        @Default("5s") @Doc("How long the site must be steady before.") Duration steady,
        @Default("5%") @Doc("--abort-above: the share of requests, of 2 s, above which the fault is lifted at once; 0 to 1.") double abortAbove,
        @Doc("--own-writes: an address with {key} in it that takes PUT and GET of a text, where the load's users are not those of the sample application.") Optional<String> ownWrites) {

    /** All defaults. */
    public static DrillOptions at(LoadOptions load) {
        return new DrillOptions(load, Optional.empty(), Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(5), 0.05, Optional.empty());
    }

    /** @throws BanyanException USAGE, naming all that is out of bounds */
    void check() {
        List<String> wrong = new ArrayList<>();
        if (lasting.compareTo(Duration.ofSeconds(1)) < 0 || lasting.compareTo(Duration.ofMinutes(10)) > 0) {
            wrong.add("--for is 1 s to 10 min, not " + lasting.toMillis() + " ms");
        }
        if (!(abortAbove > 0 && abortAbove <= 1)) {
            wrong.add("--abort-above is over 0 % and at most 100 %, not " + 100 * abortAbove + " %");
        }
        if (!wrong.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, String.join("; ", wrong));
        }
    }
}
