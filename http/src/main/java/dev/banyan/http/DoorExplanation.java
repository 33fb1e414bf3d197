package dev.banyan.http;

import dev.banyan.balance.Forecast;
import dev.banyan.http.gateway.Explanation;
import java.util.Optional;

/**
 * What a front door makes of a request that no edge has answered, and why.
 *
 * @param client its address as the door has it, past trusted proxies
 * @param gateway what the routes make of it; empty when none are set, and the application answers all
 * @param service who answers; "" when the gateway does by itself, or with files
 * @param forecast which of that service's servers it would be
 * @param waiting requests that wait for a place there, before it
 */
public record DoorExplanation(String client, Optional<Explanation> gateway, String service, Optional<Forecast> forecast, int waiting) {}
