package dev.banyan.console;

import dev.banyan.console.Site.Fact;
import java.util.List;

/**
 * What would become of a request if it came now, station by station, up to the one that answers. What is secret of the request is not said again.
 *
 * @param request its method and URL
 * @param from the client's address
 */
public record RequestExplanation(String request, String from, List<Step> steps) {
    public RequestExplanation {
        steps = List.copyOf(steps);
    }

    /**
     * A station on its way.
     *
     * @param at {@code edge}, {@code shield}, {@code gateway} or {@code service}
     * @param name of the edge, the route, the service; empty where there is none
     * @param does what is done there
     * @param why in a sentence; may be empty
     * @param section of the RFC that decides; empty where the site file does
     * @param facts what else is known, in words
     */
    public record Step(String at, String name, String does, String why, String section, List<Fact> facts) {
        public Step {
            facts = List.copyOf(facts);
        }
    }
}
