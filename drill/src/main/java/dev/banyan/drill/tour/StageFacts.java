package dev.banyan.drill.tour;

import dev.banyan.topology.Stage;
import java.util.OptionalLong;

/**
 * What a stage is made of, looked at under steady load.
 *
 * @param visit which stay at a stage
 * @param processes of Banyan: itself and those it started, without the children that those have
 * @param memoryBytes of all of them and of their children; empty where the system does not say
 * @param site what the admin API says of it, a JSON object; what the page draws
 */
public record StageFacts(int visit, Stage stage, int processes, OptionalLong memoryBytes, String site) {}
