package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import java.util.concurrent.CompletionStage;

/** The cache's nodes, for what the router itself keeps there. Safe for any thread. */
public interface Store {
    /**
     * Sends a command to the node of a key.
     *
     * @param key whose node is asked; it is not added to the command
     * @param command its name and all its arguments
     * @return the answer; a {@link Reply.Failure} when the node refuses; exceptionally {@link NodeDown} when it is down or does not answer in
     *     time, and then it may have been done or not
     */
    CompletionStage<Reply> send(byte[] key, byte[]... command);

    /** GET of a key, from the router's own copy where it has a true one. */
    CompletionStage<Reply> get(byte[] key);
}
