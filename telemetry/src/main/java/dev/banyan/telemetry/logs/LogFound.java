package dev.banyan.telemetry.logs;

import java.util.List;

/**
 * What was found.
 *
 * @param lines in the order in which they were written, the newest last
 * @param cut whether there may be more, older ones: the most lines were reached, or the bound of bytes or of time
 */
public record LogFound(List<LogLine> lines, boolean cut) {
    public LogFound {
        lines = List.copyOf(lines);
    }
}
