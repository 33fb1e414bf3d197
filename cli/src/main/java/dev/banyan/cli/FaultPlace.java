package dev.banyan.cli;

import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import java.util.List;
import java.util.Optional;

/** Something that can be broken on purpose. */
interface FaultPlace {
    /** As the console calls it. */
    String target();

    /** What it is made of: two places with the same are not broken twice by the same kind. */
    default String scope() {
        return target();
    }

    /** How it can be broken, when it runs. */
    List<FaultKind> kinds();

    /** Whether it can be broken now. */
    boolean runs();

    /**
     * Breaks it, by one of its kinds; it is broken when this returns.
     *
     * @throws dev.banyan.topology.BanyanException ENGINE_FAILED when there is nothing to break any more
     */
    Broken breaking(FaultOrder order);

    /** What was broken. */
    interface Broken {
        /** What was done, as {@code its 3 processes are stopped}. */
        String sentence();

        /**
         * Why nothing is left to undo; empty while it is broken.
         */
        Optional<String> over();

        /**
         * Undoes it, once. Nothing happens where it is over already.
         *
         * @throws dev.banyan.topology.BanyanException when it cannot be undone, with what to do
         */
        void undo();
    }
}
