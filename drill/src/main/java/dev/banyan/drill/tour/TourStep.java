package dev.banyan.drill.tour;

import dev.banyan.topology.Stage;
import java.time.Duration;
import java.util.Locale;

/** One thing that the tour does. */
public sealed interface TourStep {
    /** As in a table: {@code grow to 3 load balancer}. */
    String title();

    /** One word, for JSON. */
    String kind();

    /** Whether no request may fail in it. What is broken on purpose, and what is pressed as hard as can be, has bounds of its own. */
    default boolean planned() {
        return true;
    }

    /** Whether it changes the site while it serves. */
    default boolean move() {
        return false;
    }

    /** To another stage, up or down. */
    record Move(Stage from, Stage to) implements TourStep {
        @Override
        public String title() {
            return kind() + " to " + to.title();
        }

        @Override
        public String kind() {
            return up() ? "grow" : "shrink";
        }

        public boolean up() {
            return to.number() > from.number();
        }

        @Override
        public boolean move() {
            return true;
        }
    }

    /** A change that an operator makes at a stage that has what it takes. */
    enum Change implements TourStep {
        /** Each instance of the application anew, one by one. */
        DEPLOY(Stage.LOAD_BALANCER, "deploy the application anew"),
        /** A replica becomes the primary, on purpose. */
        SWITCHOVER(Stage.REPLICATION, "switch the database over"),
        /** Everything stored at the edges is forgotten. */
        PURGE(Stage.CDN, "purge the edges");

        private final Stage since;
        private final String title;

        Change(Stage since, String title) {
            this.since = since;
            this.title = title;
        }

        /** The first stage that can do it without a pause. */
        public Stage since() {
            return since;
        }

        @Override
        public String title() {
            return title;
        }

        @Override
        public String kind() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean move() {
            return true;
        }
    }

    /** Until all servers of the stage are up: replicas may go on being made when a move is over. */
    record Settle() implements TourStep {
        @Override
        public String title() {
            return "until all servers are up";
        }

        @Override
        public String kind() {
            return "settle";
        }
    }

    /** Nothing but the load. */
    record Steady(Duration lasting) implements TourStep {
        @Override
        public String title() {
            return "steady load";
        }

        @Override
        public String kind() {
            return "steady";
        }
    }

    /** All users at once, each as fast as it is answered: a closed loop, bounded by their number. */
    record Saturate(Duration lasting) implements TourStep {
        @Override
        public String title() {
            return "as many requests as it can take";
        }

        @Override
        public String kind() {
            return "saturate";
        }

        @Override
        public boolean planned() {
            return false;
        }
    }

    /** Something is broken, and a hypothesis is checked. */
    record Break(String drill) implements TourStep {
        @Override
        public String title() {
            return "drill " + drill;
        }

        @Override
        public String kind() {
            return "drill";
        }

        @Override
        public boolean planned() {
            return false;
        }
    }
}
