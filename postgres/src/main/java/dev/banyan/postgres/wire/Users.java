package dev.banyan.postgres.wire;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Consumer;

/** Who may log in, and what proves it. Safe for any loop. */
public interface Users {
    /** Looks a user up; answers on the loop, at once where it can. */
    void find(String user, EventLoop loop, Consumer<Found> found);

    /** Roles were changed through the router: what was found before may be wrong. Any thread. */
    default void changed() {}

    /** What is known of a user. */
    sealed interface Found {
        record Known(Verifier verifier) implements Found {}

        record Unknown() implements Found {}

        /** It could not be found out. That is no wrong password, and the client is told so. */
        record Failed(PostgresError why) implements Found {}
    }

    /** Asks one after the other until one knows the user or fails. */
    static Users chain(List<Users> all) {
        return new UsersChain(all);
    }
}
