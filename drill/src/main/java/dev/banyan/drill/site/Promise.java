package dev.banyan.drill.site;

import java.time.Duration;

/**
 * What a site holds to while one part of it is broken. Always promised besides: every acknowledged write is there once, no two primaries, no read that does not see its session's own write.
 *
 * @param pardon which requests may fail
 * @param slowest how long a request may take meanwhile, from when it is sent
 * @param healed how long after the fault has ended (a kill: has been done) all servers are up and users are served as before
 */
public record Promise(Pardon pardon, Duration slowest, Duration healed) {}
