package dev.banyan.bench.cachekills;

import dev.banyan.drill.cache.WriteBehindReport;
import dev.banyan.drill.cache.WriteBehindReport.Struck;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ObjectNode;

/** What the ledger found, and how long nothing was acknowledged, by what was killed. */
record CacheKillsReport(long seed, String machine, WriteBehindReport ledger) {
    private List<Struck> of(Kind kind) {
        return ledger.faults().stream().filter(fault -> Kind.of(fault.what()) == kind).toList();
    }

    private static double share(List<Struck> faults, ToDoubleFunction<Struck> figure, double share) {
        double[] sorted = faults.stream().mapToDouble(figure).sorted().toArray();
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    String table() {
        StringBuilder text = new StringBuilder(ledger.table());
        text.append(String.format(Locale.ROOT, "%n%-34s %6s %22s %22s %16s %16s%n", "killed", "times", "without writes p50 ms", "without writes max ms", "whole again p50 s", "whole again max s"));
        for (Kind kind : Kind.values()) {
            List<Struck> faults = of(kind);
            if (!faults.isEmpty()) {
                text.append(String.format(Locale.ROOT, "%-34s %6d %22.0f %22.0f %16.1f %16.1f%n", kind.words(), faults.size(), share(faults, Struck::withoutWritesMs, 0.5),
                        share(faults, Struck::withoutWritesMs, 1), share(faults, Struck::wholeSeconds, 0.5), share(faults, Struck::wholeSeconds, 1)));
            }
        }
        return text.append(machine).append("; seed ").append(seed).append('\n').toString();
    }

    /** One JSON object; keys are added, never renamed. */
    ObjectNode json() {
        ObjectNode root = ledger.json().put("seed", seed).put("machine", machine);
        ObjectNode kinds = root.putObject("killed");
        for (Kind kind : Kind.values()) {
            List<Struck> faults = of(kind);
            if (!faults.isEmpty()) {
                kinds.putObject(kind.name().toLowerCase(Locale.ROOT)).put("times", faults.size())
                        .put("without_writes_p50_ms", share(faults, Struck::withoutWritesMs, 0.5)).put("without_writes_max_ms", share(faults, Struck::withoutWritesMs, 1))
                        .put("whole_p50_s", share(faults, Struck::wholeSeconds, 0.5)).put("whole_max_s", share(faults, Struck::wholeSeconds, 1));
            }
        }
        return root;
    }
}
