package dev.banyan.cli;

import dev.banyan.drill.bank.Fault;
import dev.banyan.drill.site.DrilledSite;
import dev.banyan.drill.site.DrilledSite.Struck;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.drill.site.SiteState;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.Optional;

/**
 * Breaks what stands behind a running site's cache: kills one of its nodes at odd times, and the database's primary at even ones when there is another to take its place.
 * Owned by one thread.
 */
final class BrokenCache implements Fault {
    private final DrilledSite site;
    private final BrokenPrimary primary;
    private final boolean primaries;
    private Optional<Killed> killed = Optional.empty();

    private record Killed(Struck fault, long process) {}

    /** @param replicas how many the database has when all is well; without one its primary is left alone */
    BrokenCache(DrilledSite site, int replicas) {
        this.site = site;
        this.primary = new BrokenPrimary(site, replicas);
        this.primaries = replicas > 0;
    }

    @Override
    public String strike(int number) throws InterruptedException {
        killed = Optional.empty();
        if (primaries && number % 2 == 0) {
            return primary.strike(1 + number % 4 / 2);
        }
        SiteState.Node node = site.state().up("cache").findFirst().orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, "there is no node of the cache to break"));
        Struck done = site.strike(FaultKind.KILL, node.id(), BrokenPrimary.AT_MOST);
        killed = Optional.of(new Killed(done, node.process()));
        return done.words();
    }

    /** A node is whole when it runs as another process. */
    @Override
    public boolean whole() {
        return killed.map(this::anew).orElseGet(primary::whole);
    }

    private boolean anew(Killed last) {
        boolean whole = site.state().up("cache").anyMatch(node -> node.id().equals(last.fault().target()) && node.process() != last.process());
        if (whole) {
            site.lift(last.fault());
        }
        return whole;
    }
}
