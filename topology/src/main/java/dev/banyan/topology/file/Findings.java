package dev.banyan.topology.file;

import dev.banyan.topology.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a reading finds: problems, warnings, and where each key stands. Owned by one reading. */
final class Findings {
    /** More are not worth reading, and a hostile file could have any number. */
    static final int MOST = 100;

    private static final Comparator<Problem> IN_FILE_ORDER = Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<String, At> places = new HashMap<>();
    private final Set<String> bad = new HashSet<>();

    void place(String path, At at) {
        places.putIfAbsent(path, at);
    }

    /** Whether the file has that key. */
    boolean given(String path) {
        return places.containsKey(path);
    }

    /** Where the key stands, or the nearest one above it. */
    At at(String path) {
        for (String above = path; !above.isEmpty(); above = above.substring(0, Math.max(0, above.lastIndexOf('.')))) {
            if (places.containsKey(above)) {
                return places.get(above);
            }
        }
        return At.FILE;
    }

    /** Whether a value could not be read, so that what stands for it says nothing. */
    boolean bad(String path) {
        return bad.contains(path);
    }

    void problem(At at, String path, String message) {
        bad.add(path);
        if (problems.size() < MOST) {
            problems.add(new Problem(at.line(), at.column(), path, message));
        } else if (problems.size() == MOST) {
            problems.add(new Problem(0, 0, "", "there are more than " + MOST + " problems; the first are shown"));
        }
    }

    void warning(String path, String message) {
        At at = at(path);
        warnings.add(new Problem(at.line(), at.column(), path, message));
    }

    List<Problem> problems() {
        return problems.stream().sorted(IN_FILE_ORDER).toList();
    }

    List<Problem> warnings() {
        return warnings.stream().sorted(IN_FILE_ORDER).toList();
    }
}
