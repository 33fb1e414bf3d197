package dev.banyan.cli;

import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadOptions.Script;
import dev.banyan.drill.Rate;
import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.DrillOptions;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.site.Drills;
import dev.banyan.drill.site.SiteDrill;
import dev.banyan.drill.tour.TourOptions;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.util.List;
import java.util.Optional;

/** Drills of the tour's site, as {@code banyan drill} carries them out, with users of their own beside the tour's. */
final class TourDrills implements AutoCloseable {
    /** The tour's users go on asking, so that half as much again is enough to see what the drill looks for. */
    private static final double SHARE = 0.5;

    private final TourSite site;
    private final TourOptions options;
    private final AdminSite seen;
    private final Loops loops;
    private final Clock clock;

    TourDrills(TourSite site, TourOptions options, Loops loops, Clock clock) {
        this.site = site;
        this.options = options;
        this.seen = new AdminSite(site.stateFolder());
        this.loops = loops;
        this.clock = clock;
    }

    /** Blocks until the site is healed; an interrupt lifts the fault and ends it. */
    DrillReport carryOut(String name) {
        Drill drill = Drills.named(name).orElseThrow();
        LoadOptions users = LoadOptions.at(site.frontDoor(), Script.PHOTOS).edit().rate(Rate.constant(options.rate() * SHARE)).users(options.users()).done();
        DrillOptions usual = DrillOptions.at(users);
        DrillOptions asked = new DrillOptions(users, Optional.empty(), Optional.empty(), usual.lasting(), options.beforeDrills(), usual.abortAbove(), Optional.empty());
        return SiteDrill.run(drill, asked, seen, loops, clock, Loops.random(), _ -> {});
    }

    /** Why the site is not whole, or busy; a few words each. */
    List<String> trouble() {
        return SiteDrill.trouble(seen.state(), seen);
    }

    @Override
    public void close() {
        seen.close();
    }
}
