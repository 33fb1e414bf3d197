package dev.banyan.control.database;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What people and moves want of the servers.
 *
 * @param replicas as many as there shall be
 * @param mending whether missing ones are made; not while a move changes how many there are
 * @param coming replicas to make, by name
 * @param going members to let go, by name; never the primary
 */
record Wishes(int replicas, boolean mending, Set<String> coming, Set<String> going) {
    static final Wishes NONE = new Wishes(0, false, Set.of(), Set.of());

    Wishes {
        coming = Set.copyOf(coming);
        going = Set.copyOf(going);
    }

    Wishes of(int count) {
        return new Wishes(count, mending, coming, going);
    }

    Wishes mending(boolean on) {
        return new Wishes(replicas, on, coming, going);
    }

    Wishes coming(String name) {
        return new Wishes(replicas, mending, plus(coming, name), minus(going, name));
    }

    Wishes going(String name) {
        return new Wishes(replicas, mending, minus(coming, name), plus(going, name));
    }

    Wishes settled(String name) {
        return new Wishes(replicas, mending, minus(coming, name), minus(going, name));
    }

    private static Set<String> plus(Set<String> names, String name) {
        Set<String> all = new LinkedHashSet<>(names);
        all.add(name);
        return all;
    }

    private static Set<String> minus(Set<String> names, String name) {
        Set<String> others = new TreeSet<>(names);
        others.remove(name);
        return others;
    }
}
