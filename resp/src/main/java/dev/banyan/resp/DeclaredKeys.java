package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What answers commands on keys of declared prefixes. Called on IO loops: it must not block. */
public interface DeclaredKeys {
    /** No prefix is declared. */
    DeclaredKeys NONE = new DeclaredKeys() {
        @Override
        public int rule(byte[] key, int length) {
            return -1;
        }

        @Override
        public CompletionStage<Reply> answer(Request request) {
            return CompletableFuture.completedFuture(Reply.failure("ERR no prefix is declared"));
        }
    };

    /** The declared prefix, by its index, that the key in the first {@code length} bytes begins with; -1 for none. Asked for each key of each command: allocates nothing. */
    int rule(byte[] key, int length);

    /**
     * The answer to a command whose keys are all of declared prefixes, on any thread; a {@link Reply.Failure} for what cannot be done. Of one
     * client the next command is only asked for when this one is answered.
     */
    CompletionStage<Reply> answer(Request request);
}
