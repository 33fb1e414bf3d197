package dev.banyan.balance;

import java.util.Arrays;
import java.util.List;

/**
 * Which of several equal owners has a key: a {@link Ring} without servers, health or load. A name that comes takes keys from the others and
 * moves none between them; where a key lies depends on the names alone, not on their order. Immutable.
 */
public final class KeyRing {
    private static final KeyRing EMPTY = new KeyRing(null, 0);

    private final Ring ring;
    private final int size;

    private KeyRing(Ring ring, int size) {
        this.ring = ring;
        this.size = size;
    }

    /**
     * @param names of the owners, each once; at most 65,536
     * @throws IllegalArgumentException when a name comes twice: both would have the same points
     */
    public static KeyRing of(List<String> names) {
        if (names.isEmpty()) {
            return EMPTY;
        }
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("the owners of a ring have different names, not " + names);
        }
        double[] weights = new double[names.size()];
        Arrays.fill(weights, 1);
        return new KeyRing(new Ring(names.toArray(String[]::new), weights), names.size());
    }

    public int size() {
        return size;
    }

    /**
     * The owner of a key, as an index of the names; -1 when there is none. Allocates nothing.
     *
     * @param hash an even one, as {@link Hash64#of}
     */
    public int owner(long hash) {
        return size < 2 ? size - 1 : ring.owner(ring.find(hash));
    }
}
