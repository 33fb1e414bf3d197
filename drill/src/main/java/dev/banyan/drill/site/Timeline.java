package dev.banyan.drill.site;

import dev.banyan.topology.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a site did by itself since a fault. Owned by one thread. */
final class Timeline {
    private static final Comparator<Decision> ORDER = Comparator.comparing(Decision::at).thenComparing(Decision::what).thenComparing(Decision::why).thenComparing(Decision::seen);

    private final List<String> mends;
    private final String victim;
    private final Set<Decision> since = new TreeSet<>(ORDER);
    private Instant struck = Instant.MAX;
    private String words = "";

    /** @param victim the broken node's id */
    Timeline(List<String> mends, String victim) {
        this.mends = mends;
        this.victim = victim;
    }

    /** @param words what the fault is called in the Decisions that tell of itself */
    void struck(Instant at, String words) {
        this.struck = at;
        this.words = words;
    }

    /** Decisions of any time, some of which may be known already. */
    void heard(Collection<Decision> decisions) {
        decisions.stream().filter(decision -> !decision.at().isBefore(struck)).filter(decision -> !decision.what().contains(words)).forEach(since::add);
    }

    /** The first that has to do with what was broken. */
    Optional<Decision> detected() {
        return since.stream().filter(this::concerns).findFirst();
    }

    /** The first that does away with the trouble. */
    Optional<Decision> decided() {
        return since.stream().filter(this::concerns).filter(this::mends).findFirst();
    }

    double millis(Decision decision) {
        return Duration.between(struck, decision.at()).toNanos() / 1e6;
    }

    private boolean concerns(Decision decision) {
        return Stream.of(decision.what(), decision.why(), decision.seen()).anyMatch(text -> names(text, victim));
    }

    private boolean mends(Decision decision) {
        return mends.stream().anyMatch(mend -> decision.what().startsWith(mend));
    }

    /** As a word of its own: web-1 is not web-12. */
    private static boolean names(String text, String id) {
        for (int at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
            int end = at + id.length();
            if ((at == 0 || !wordy(text.charAt(at - 1))) && (end == text.length() || !wordy(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean wordy(char c) {
        return Character.isLetterOrDigit(c) || c == '-';
    }
}
