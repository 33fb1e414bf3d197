package dev.banyan.control;

import java.util.List;

/**
 * A part of a plan that is done as a whole or undone as a whole. A move with several legs, as a deploy, keeps those that are done.
 *
 * @param what as {@code replace web-1 by web-1.2}
 * @param steps one of them is the {@link Step.Commit}; before it all can be undone, after it nothing needs to be
 */
public record Leg(String what, List<Step> steps) {
    public Leg {
        steps = List.copyOf(steps);
        if (steps.stream().filter(Step.Commit.class::isInstance).count() != 1) {
            throw new IllegalArgumentException("a leg commits once: " + what);
        }
    }
}
