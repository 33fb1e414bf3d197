package dev.banyan.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was seen of every request at both ends, and what of it may not be. */
final class Witness {
    private final Map<Integer, Integer> timesSeen = new HashMap<>();
    private final Map<Integer, String> ends = new HashMap<>();
    private final List<String> wrongs = new ArrayList<>();
    private int asked;

    /** A client sends a request that it has a right to an end of. */
    int ask() {
        return ++asked;
    }

    /** A server has got a request's head. */
    void seen(int id, boolean idempotent) {
        int times = timesSeen.merge(id, 1, Integer::sum);
        if (times > 1 && !idempotent) {
            wrong("request " + id + " may not be sent twice and was seen " + times + " times");
        }
    }

    /** A request has ended for its client, as "200", "cut", "left" and the like. */
    void ended(int id, String how) {
        String before = ends.put(id, how);
        if (before != null) {
            wrong("request " + id + " ended twice: " + before + ", then " + how);
        }
    }

    void wrong(String what) {
        wrongs.add(what);
    }

    int asked() {
        return asked;
    }

    int ended() {
        return ends.size();
    }

    Map<Integer, String> ends() {
        return ends;
    }

    List<String> wrongs() {
        return wrongs;
    }
}
