package dev.banyan.drill.site;

import dev.banyan.drill.AuditReport;
import dev.banyan.drill.site.DrillReport.Check;
import dev.banyan.drill.site.DrillReport.During;
import dev.banyan.drill.site.DrillReport.Times;
import dev.banyan.drill.site.Witness.Testimony;
import dev.banyan.topology.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What was promised against what was seen. */
record Judgement(Promise promise, boolean lasting) {
    /**
     * @param writes empty when the load made none
     * @param primaries empty when there is no database whose servers can be asked
     * @param ownReads empty when there is no database
     */
    List<Check> checks(During during, Times times, Optional<AuditReport> writes, Optional<Testimony> primaries, Optional<Testimony> ownReads) {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("no request fails" + promise.pardon().words(), during.requests() > 0 && during.failed() == during.pardoned(),
                say("%,d of %,d failed%s", during.failed(), during.requests(), during.pardoned() == 0 ? "" : say(", %,d of these are pardoned", during.pardoned()))));
        checks.add(new Check("none takes longer than " + Durations.format(promise.slowest()), during.slowestMs() <= promise.slowest().toMillis(), say("the slowest took %,.0f ms", during.slowestMs())));
        writes.ifPresent(audit -> checks.add(new Check("every acknowledged write is there, once", audit.acknowledged() > 0 && audit.clean(),
                say("%,d acknowledged, %,d lost, %,d doubled, %,d unchecked", audit.acknowledged(), audit.lost(), audit.doubled(), audit.unchecked()))));
        primaries.ifPresent(seen -> checks.add(never("there are never two primaries", seen, "%,d times in %,d answers of the servers")));
        ownReads.ifPresent(seen -> checks.add(never("no session's read misses its own write", seen, "%,d of %,d reads did")));
        checks.add(new Check("all is as before within " + Durations.format(promise.healed()) + (lasting ? " of its end" : ""), healedInTime(times), healed(times)));
        return checks;
    }

    /** Who has not looked has not seen that it never happened. */
    private static Check never(String what, Testimony seen, String words) {
        return new Check(what, seen.findings() == 0 && seen.looks() > 0, say(words, seen.findings(), seen.looks()));
    }

    private boolean healedInTime(Times times) {
        return times.healed().isPresent() && times.ended().isPresent() && times.healed().getAsDouble() - times.ended().getAsDouble() <= promise.healed().toMillis();
    }

    private String healed(Times times) {
        if (times.healed().isPresent()) {
            return say("after %.1f s", times.healed().getAsDouble() / 1e3) + (lasting && times.ended().isPresent() ? say(", the fault ended after %.1f s", times.ended().getAsDouble() / 1e3) : "");
        }
        return "it was not; users were served as before " + at(times.served()) + ", all servers were up " + at(times.whole());
    }

    private static String at(OptionalDouble millis) {
        return millis.isPresent() ? say("after %.1f s", millis.getAsDouble() / 1e3) : "never";
    }

    private static String say(String words, Object... values) {
        return String.format(Locale.ROOT, words, values);
    }
}
