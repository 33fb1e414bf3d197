package dev.banyan.bench.cachekills;

import java.util.Arrays;

/** What is killed, always with SIGKILL and with all of its processes. */
enum Kind {
    BANYAN("all of Banyan"),
    NODE("a cache node"),
    PRIMARY("the primary"),
    /** Within the failover: Banyan goes up to 1.5 s after the primary. */
    PRIMARY_THEN_BANYAN("the primary, then all of Banyan");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** @param what as {@link #words} said it */
    static Kind of(String what) {
        return Arrays.stream(values()).filter(kind -> kind.words.equals(what)).findFirst().orElseThrow();
    }
}
