package dev.banyan.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.banyan.drill.tour.Machine;
import dev.banyan.drill.tour.StageFacts;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the figures of a tour were measured on. */
final class ThisMachine {
    private static final Pattern DATABASE = Pattern.compile("PostgreSQL [0-9]+(\\.[0-9]+)*");

    private ThisMachine() {}

    /** @param stages what the site said of itself: its database's version is in there */
    static Machine machine(List<StageFacts> stages) {
        OptionalLong memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system ? OptionalLong.of(system.getTotalMemorySize()) : OptionalLong.empty();
        String database = stages.stream().flatMap(facts -> DATABASE.matcher(facts.site()).results().map(MatchResult::group)).findFirst().orElse("");
        return new Machine(Runtime.getRuntime().availableProcessors(), memory, System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")", new Version().getVersion()[0], database);
    }
}
