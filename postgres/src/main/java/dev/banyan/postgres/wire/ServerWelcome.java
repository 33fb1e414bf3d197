package dev.banyan.postgres.wire;

import java.util.Map;

/**
 * How a server let the router in.
 *
 * @param parameters what it reported (ParameterStatus), by their names as sent
 * @param processId of the session's process, for cancelling
 * @param key the secret for cancelling, 4 to 256 bytes
 */
public record ServerWelcome(Map<String, String> parameters, int processId, byte[] key) {
    public ServerWelcome {
        parameters = Map.copyOf(parameters);
    }
}
