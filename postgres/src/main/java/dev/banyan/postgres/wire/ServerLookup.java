package dev.banyan.postgres.wire;

import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads pg_authid over one connection of its own, opened when it is first needed and anew when it has closed or the server is another. The
 * login must be one that may read pg_authid. Safe for any loop.
 */
public final class ServerLookup implements Lookup {
    private static final String QUESTION = "select rolpassword from pg_catalog.pg_authid where rolname = %s and rolcanlogin and (rolvaliduntil is null or rolvaliduntil > now())";

    private final ServerOpening opening;
    private final EventLoop home;
    private final Supplier<Optional<Member>> server;
    private final Login login;
    private final Duration limit;
    /** Owned by home, as all below. */
    private final List<Runnable> waiting = new ArrayList<>();
    private Optional<Open> open = Optional.empty();
    private PostgresError failure = Refusal.MONITOR_CLOSED.error("that knows the users");

    /**
     * @param home the loop of its connection
     * @param server that is to be asked now, the primary as a rule; empty while there is none
     * @param limit for opening and for each answer
     */
    public ServerLookup(ServerOpening opening, EventLoop home, Supplier<Optional<Member>> server, Login login, Duration limit) {
        this.opening = opening;
        this.home = home;
        this.server = server;
        this.login = login;
        this.limit = limit;
    }

    private record Open(Member member, MonitorConnection connection) {}

    @Override
    public void ask(String user, EventLoop loop, Reply reply) {
        home.execute(() -> ask(user, new Reply() {
            @Override
            public void secret(Optional<String> rolpassword) {
                loop.execute(() -> reply.secret(rolpassword));
            }

            @Override
            public void failed(PostgresError why) {
                loop.execute(() -> reply.failed(why));
            }
        }));
    }

    private void ask(String user, Reply reply) {
        Optional<Member> now = server.get();
        if (now.isEmpty()) {
            reply.failed(Refusal.MONITOR_CLOSED.error("that knows the users"));
            return;
        }
        if (open.isPresent() && open.get().connection().isOpen() && open.get().member().equals(now.get())) {
            ask(open.get().connection(), user, reply);
            return;
        }
        open.ifPresent(old -> old.connection().close());
        open = Optional.empty();
        waiting.add(() -> open.ifPresentOrElse(fresh -> ask(fresh.connection(), user, reply), () -> reply.failed(failure)));
        if (waiting.size() == 1) {
            open(now.get());
        }
    }

    private void open(Member member) {
        MonitorConnection.open(opening, home, member, login, Map.of(), limit, new MonitorConnection.Ready() {
            @Override
            public void ready(MonitorConnection connection) {
                open = Optional.of(new Open(member, connection));
                tellAll();
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                failure = why;
                tellAll();
            }
        });
    }

    private void tellAll() {
        List<Runnable> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Runnable::run);
    }

    private void ask(MonitorConnection connection, String user, Reply reply) {
        connection.ask(String.format(QUESTION, quoted(user)), new MonitorConnection.Answer() {
            @Override
            public void rows(List<List<String>> rows) {
                reply.secret(rows.stream().map(List::getFirst).filter(secret -> !secret.isEmpty()).findFirst());
            }

            @Override
            public void failed(PostgresError why) {
                reply.failed(why);
            }
        });
    }

    /** A literal that means the same whatever standard_conforming_strings is. */
    static String quoted(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
