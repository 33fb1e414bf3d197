package dev.banyan.http;

import dev.banyan.http.gateway.limits.ClientShares;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;

/**
 * What one request takes of its client's share of an edge. What other edges ask has been counted by them. Reused for each request. Owned by
 * one IO loop.
 */
final class ClientShare {
    private final Lane lane;
    private final ClientShares shares;
    /** Null while the request is another edge's. */
    private String client;
    private boolean waiting;

    ClientShare(Lane lane, ClientShares shares) {
        this.lane = lane;
        this.shares = shares;
    }

    /** What the request is answered at once, or null. */
    LocalAnswer begin(RequestHead head, Peer from, long now) {
        client = from.edge() ? null : ClientAddress.of(head.fields(), from, lane.settings());
        return client == null ? null : shares.request(client, now);
    }

    /** The request is to wait for the origin: what it is answered instead, or null; {@link #end} must follow. */
    LocalAnswer await() {
        if (client == null || waiting) {
            return null;
        }
        LocalAnswer refusal = shares.miss(client);
        waiting = refusal == null;
        return refusal;
    }

    /** It does not wait for the origin any more, if it did. */
    void end() {
        if (waiting) {
            waiting = false;
            shares.missEnded(client);
        }
    }
}
