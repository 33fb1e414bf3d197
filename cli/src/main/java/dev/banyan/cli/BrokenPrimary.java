package dev.banyan.cli;

import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.site.DrilledSite;
import dev.banyan.drill.site.DrilledSite.Struck;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.drill.site.SiteState;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * Breaks the primary of a running site's embedded database: kills all of its processes at odd times, freezes them at even ones. Owned by one thread.
 */
final class BrokenPrimary implements Fault {
    /** Longer than a failover takes, after which the frozen one is no member any more. */
    static final Duration AT_MOST = Duration.ofMinutes(2);

    private final DrilledSite site;
    private final int replicas;
    private Optional<Struck> struck = Optional.empty();

    /** @param replicas how many there are when all is well */
    BrokenPrimary(DrilledSite site, int replicas) {
        this.site = site;
        this.replicas = replicas;
    }

    @Override
    public String strike(int number) {
        SiteState.Node primary = site.state().up("database").findFirst().orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, "there is no primary to break"));
        Struck done = site.strike(number % 2 == 1 ? FaultKind.KILL : FaultKind.STOP, primary.id(), AT_MOST);
        struck = Optional.of(done);
        return done.words();
    }

    /** The broken one may look well for a moment still: another has to have taken its place. */
    @Override
    public boolean whole() {
        SiteState now = site.state();
        boolean whole = struck.isPresent() && now.up("database").filter(node -> !node.id().equals(struck.get().target())).count() == 1 && now.up("replica").count() == replicas;
        if (whole) {
            site.lift(struck.get());
        }
        return whole;
    }
}
