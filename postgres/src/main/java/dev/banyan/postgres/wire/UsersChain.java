package dev.banyan.postgres.wire;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Consumer;

/** Several places where users are kept; the first that knows one counts. */
record UsersChain(List<Users> all) implements Users {
    UsersChain {
        all = List.copyOf(all);
    }

    @Override
    public void changed() {
        all.forEach(Users::changed);
    }

    @Override
    public void find(String user, EventLoop loop, Consumer<Found> found) {
        find(0, user, loop, found);
    }

    private void find(int from, String user, EventLoop loop, Consumer<Found> found) {
        if (from == all.size()) {
            found.accept(new Found.Unknown());
            return;
        }
        all.get(from).find(user, loop, answer -> {
            switch (answer) {
                case Found.Known _, Found.Failed _ -> found.accept(answer);
                case Found.Unknown _ -> find(from + 1, user, loop, found);
            }
        });
    }
}
