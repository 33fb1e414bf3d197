package dev.banyan.drill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of the writes in a ledger.
 *
 * @param acknowledged writes that the site said it had done
 * @param lost acknowledged writes that are not there
 * @param doubled writes, acknowledged or not, that are there more than once
 * @param unchecked writes of which could not be found out whether they are there
 * @param unacknowledged writes that were sent and never answered with success: they may be there or not
 * @param unacknowledgedThere how many of those are there
 * @param examples a sentence for each of the first lost, doubled and unchecked ones
 */
public record AuditReport(
        long acknowledged, long lost, long doubled, long unchecked, long unacknowledged, long unacknowledgedThere, List<String> examples) {
    /** Nothing was written. */
    public static final AuditReport NONE = new AuditReport(0, 0, 0, 0, 0, 0, List.of());

    public AuditReport {
        examples = List.copyOf(examples);
    }

    /** The same, saying where the ledger can be read. */
    AuditReport keptIn(Path ledger) {
        List<String> more = new ArrayList<>(examples);
        more.add("the ledger is kept in " + ledger);
        return new AuditReport(acknowledged, lost, doubled, unchecked, unacknowledged, unacknowledgedThere, more);
    }

    /** Whether every acknowledged write is there, once, and that is known. */
    public boolean clean() {
        return lost == 0 && doubled == 0 && unchecked == 0;
    }
}
