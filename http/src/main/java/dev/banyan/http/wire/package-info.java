/**
 * HTTP as bytes: heads of requests and responses as positions in what came, framing, grammar, and the fields whose values mean something to a
 * cache or a gateway. Pure: no channel, no clock. Start at {@link dev.banyan.http.wire.RequestHead}.
 */
package dev.banyan.http.wire;
