package dev.banyan.postgres;

import dev.banyan.postgres.wire.MonitorConnection;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.ServerOpening;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Monitors over real connections, as one user in one database. Safe for any loop. */
final class Monitors implements Monitor.Opener {
    /** An answer that takes longer will not come; that a server is silent is noticed much earlier. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ServerOpening servers;
    private final Supplier<Login> login;

    Monitors(ServerOpening servers, Supplier<Login> login) {
        this.servers = servers;
        this.login = login;
    }

    @Override
    public void open(Member member, EventLoop loop, Monitor.Opening opening) {
        MonitorConnection.open(servers, loop, member, login.get(), Map.of("application_name", "banyan"), LIMIT, new MonitorConnection.Ready() {
            @Override
            public void ready(MonitorConnection connection) {
                opening.opened(new Connected(connection));
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                opening.failed(why.message());
            }
        });
    }

    private record Connected(MonitorConnection connection) implements Monitor {
        @Override
        public void ask(String sql, Reply reply) {
            connection.ask(sql, new MonitorConnection.Answer() {
                @Override
                public void rows(List<List<String>> rows) {
                    reply.rows(rows);
                }

                @Override
                public void failed(PostgresError why) {
                    connection.close();
                    reply.failed(why.message());
                }
            });
        }

        @Override
        public void whenClosed(Runnable task) {
            connection.whenClosed(task);
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
