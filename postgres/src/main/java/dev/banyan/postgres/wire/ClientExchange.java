package dev.banyan.postgres.wire;

import dev.banyan.postgres.Proof;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Questions to a client, and its answers, until it has proved who it is. Owned by one connection. */
interface ClientExchange {
    /** Writes the first question. */
    void ask(ByteBuf out);

    /**
     * Takes the body of a message of type {@code p}, all of it, and writes what follows.
     *
     * @return the proof; empty when another answer is needed
     */
    Optional<Proof> answer(ByteBuf body, ByteBuf out) throws Refused;

    /** What to say of a message of another type. */
    Refusal otherExpected();
}
