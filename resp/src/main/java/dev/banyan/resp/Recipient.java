package dev.banyan.resp;

import io.netty.buffer.ByteBuf;

/** Whoever asked a node something. Called on the connection's loop. */
interface Recipient {
    /**
     * A piece of the answer.
     *
     * @param note what it said when it asked, see {@link Note}
     * @param from holds the piece at its reader index, which is not moved here
     * @param length of the piece, in bytes
     * @param last whether the answer ends with it
     */
    void answer(long note, ByteBuf from, int length, boolean last);

    /** No answer comes, or none further: the node may have done what it was asked or not. */
    void lost(long note, String why);

    /** Whether it can take no more at the moment. Then it calls {@link NodeConnection#resume} when it can. */
    default boolean isFull(NodeConnection connection) {
        return false;
    }

    /** The connection has waited for it longer than it may. */
    default void tooSlow() {}
}
