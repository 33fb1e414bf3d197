package dev.banyan.cache;

import dev.banyan.topology.CacheKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which declared prefix a key begins with; of several the longest counts. A trie over the prefixes' bytes: the time is at most the longest
 * prefix's length, and nothing is allocated. Immutable.
 */
final class KeyRules {
    static final int NONE = -1;

    private static final int NO_NODE = 0;
    private static final int BYTES = 256;

    private final List<Rule> rules;
    private final short[][] next;
    private final int[] ruleAt;

    private KeyRules(List<Rule> rules, short[][] next, int[] ruleAt) {
        this.rules = rules;
        this.next = next;
        this.ruleAt = ruleAt;
    }

    /** @throws IllegalArgumentException for a prefix that is declared twice, which a checked site file does not hold */
    static KeyRules of(List<CacheKeys> declared) {
        List<Rule> rules = new ArrayList<>();
        List<short[]> next = new ArrayList<>(List.of(new short[BYTES]));
        List<Integer> ruleAt = new ArrayList<>(List.of(NONE));
        for (CacheKeys keys : declared) {
            Rule rule = new Rule(rules.size(), keys);
            int node = 0;
            for (byte b : rule.prefixBytes()) {
                int child = next.get(node)[b & 0xff];
                if (child == NO_NODE) {
                    child = next.size();
                    next.add(new short[BYTES]);
                    ruleAt.add(NONE);
                    next.get(node)[b & 0xff] = (short) child;
                }
                node = child & 0xffff;
            }
            if (ruleAt.set(node, rule.index()) != NONE) {
                throw new IllegalArgumentException("the prefix '" + keys.prefix() + "' is declared twice in cache.keys: declare it once");
            }
            rules.add(rule);
        }
        return new KeyRules(List.copyOf(rules), next.toArray(short[][]::new), ruleAt.stream().mapToInt(i -> i).toArray());
    }

    List<Rule> all() {
        return rules;
    }

    /** The index of the declaration that counts, {@link #NONE} when there is none or its keys go to the node untouched. */
    int rule(byte[] key, int length) {
        int longest = longest(key, length);
        return longest == NONE || rules.get(longest).untouched() ? NONE : longest;
    }

    /** The declaration that counts, one whose keys go to the node untouched too. */
    Optional<Rule> declared(byte[] key) {
        int longest = longest(key, key.length);
        return longest == NONE ? Optional.empty() : Optional.of(rules.get(longest));
    }

    private int longest(byte[] key, int length) {
        int node = 0;
        int found = NONE;
        for (int i = 0; i < length; i++) {
            node = next[node][key[i] & 0xff] & 0xffff;
            if (node == NO_NODE) {
                return found;
            }
            if (ruleAt[node] != NONE) {
                found = ruleAt[node];
            }
        }
        return found;
    }

    /**
     * The key with its rule.
     *
     * @throws Refused when no prefix is declared for it
     */
    CacheKey key(byte[] bytes) {
        int index = rule(bytes, bytes.length);
        if (index == NONE) {
            throw new Refused("CROSSSLOT Keys of declared prefixes (cache.keys) and other keys cannot stand in one command: send two");
        }
        return new CacheKey(rules.get(index), bytes);
    }

    /** The keys among a command's arguments. */
    List<CacheKey> keys(byte[][] arguments, int from) {
        return Arrays.stream(arguments, from, arguments.length).map(this::key).toList();
    }
}
