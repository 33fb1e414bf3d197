package dev.banyan.changes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A timeline's history file: one line for each timeline before it, with the position where it was left (PostgreSQL's timeline.c). */
final class TimelineHistory {
    private static final Pattern LINE = Pattern.compile("(?m)^\\s*(\\d+)\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})\\b");

    private TimelineHistory() {}

    /** Where a timeline was left; empty when it is none of those before. */
    static Optional<Long> fork(String history, int timeline) {
        Matcher lines = LINE.matcher(history);
        while (lines.find()) {
            if (lines.group(1).equals(Integer.toString(timeline))) {
                return Optional.of(Slot.lsn(lines.group(2)));
            }
        }
        return Optional.empty();
    }
}
