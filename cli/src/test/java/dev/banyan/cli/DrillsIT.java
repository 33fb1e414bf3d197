package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.Rate;
import dev.banyan.drill.site.DrillOptions;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.site.Drills;
import dev.banyan.drill.site.SiteDrill;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launched program at stage 4, real users, and a replica and the primary that are really killed. */
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class DrillsIT {
    @TempDir
    private Path folder;

    @Test
    void aReplicaAndThenThePrimaryAreKilledUnderLoad_andAllThatIsPromisedHolds() throws Exception {
        try (LaunchedSite site = LaunchedSite.up(folder); Loops loops = Loops.open()) {
            assertThatThrownBy(() -> drill("replica", site, loops)).hasMessage("the drill replica needs stage 4, and photos is at stage 1: banyan grow --to 4 first");
            assertThat(site.verb("grow", "--to", "4")).contains("done: grow to stage 4");
            site.awaitReplicas(2);
            judge(drill("replica", site, loops));
            site.awaitReplicas(2);
            DrillReport primary = drill("primary", site, loops);
            judge(primary);
            assertThat(primary.times().decidedBy()).hasValueSatisfying(what -> assertThat(what).startsWith("fail over from "));
            try (AdminSite seen = new AdminSite(folder.resolve(Place.STATE))) {
                assertThat(seen.underWay()).as("faults left behind").isEmpty();
            }
        }
        assertThat(LaunchedSite.processesOf(folder)).as("processes left behind").isEmpty();
    }

    private static void judge(DrillReport report) {
        System.out.println(report.table());
        assertThat(report.verdict()).as(report.table()).isEqualTo(DrillReport.Verdict.HELD);
        assertThat(report.times().detected()).isPresent();
        assertThat(report.times().decided()).isPresent();
        assertThat(report.writes().acknowledged()).isPositive();
        assertThat(report.watched()).isPositive();
        assertThat(report.ownReads()).isPositive();
        assertThat(report.checks()).hasSize(6);
    }

    private DrillReport drill(String name, LaunchedSite site, Loops loops) throws Exception {
        LoadOptions load = LoadOptions.at(URI.create(site.frontDoor()), LoadOptions.Script.PHOTOS).edit().rate(Rate.constant(12)).users(4).done();
        DrillOptions usual = DrillOptions.at(load);
        DrillOptions options = new DrillOptions(load, Optional.empty(), Optional.empty(), usual.lasting(), Duration.ofSeconds(3), usual.abortAbove(), Optional.empty());
        try (AdminSite seen = new AdminSite(folder.resolve(Place.STATE))) {
            return SiteDrill.run(Drills.named(name).orElseThrow(), options, seen, loops, Clock.system(), Loops.random(), _ -> {});
        }
    }
}
