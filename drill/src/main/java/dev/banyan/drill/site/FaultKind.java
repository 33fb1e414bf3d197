package dev.banyan.drill.site;

import java.util.Locale;

/** Ways to break a part of a site. The lower-case name is what users write and the admin API takes. */
public enum FaultKind {
    /** All of its processes end at once (SIGKILL). Nothing to lift: the site starts it anew, or does without. */
    KILL("killed", false),
    /** Its processes stand still and hold their connections (SIGSTOP). */
    STOP("stopped", false),
    /** What goes to it arrives late. */
    LATENCY("slow to reach", true),
    /** Connections to it are refused, and those that are open are reset. */
    PARTITION("cut off", true);

    private final String done;
    private final boolean onArrow;

    FaultKind(String done, boolean onArrow) {
        this.done = done;
        this.onArrow = onArrow;
    }

    /** As users write it: {@code kill}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the victim then is: {@code killed}. */
    public String done() {
        return done;
    }

    /** Whether it is done to the way to the victim instead of to the victim. */
    public boolean onArrow() {
        return onArrow;
    }

    /** Whether it lasts until it is lifted; a kill is over as soon as it is done. */
    public boolean lasts() {
        return this != KILL;
    }
}
