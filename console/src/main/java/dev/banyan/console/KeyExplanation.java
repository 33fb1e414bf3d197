package dev.banyan.console;

import dev.banyan.console.Site.Fact;
import java.util.List;

/**
 * What the cache's router knows of a key.
 *
 * @param key as it was asked
 * @param node that has it or would; empty when none is known
 * @param prefix the declared one that counts for it; empty when it is the application's own business
 * @param strategy of that prefix, as the site file writes it; empty without one
 * @param facts what else is known, in words: whether it is there, how old, what a miss would run
 */
public record KeyExplanation(String key, String node, String prefix, String strategy, List<Fact> facts) {
    public KeyExplanation {
        facts = List.copyOf(facts);
    }
}
