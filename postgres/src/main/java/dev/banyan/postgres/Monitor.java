package dev.banyan.postgres;

import io.netty.channel.EventLoop;
import java.util.List;

/** A connection of the router's own to a member, for asking it how it is: one question at a time. Owned by one IO loop. */
interface Monitor {
    /** Asks; the answer or its failure comes later, once, on the loop. */
    void ask(String sql, Reply reply);

    /** Runs when it has closed, on its loop: also when the server ends it while nothing is asked. */
    void whenClosed(Runnable task);

    /** Closes it; a question under way fails. */
    void close();

    /** What becomes of a question. */
    interface Reply {
        /** @param rows columns as text; empty where the column is null */
        void rows(List<List<String>> rows);

        /** There is no answer, and the connection is closed. */
        void failed(String why);
    }

    /** Opens monitors. */
    interface Opener {
        /** Opens one on that loop; what becomes of it comes later, once, on the loop. */
        void open(Member member, EventLoop loop, Opening opening);
    }

    /** What becomes of an opening. */
    interface Opening {
        void opened(Monitor monitor);

        void failed(String why);
    }
}
