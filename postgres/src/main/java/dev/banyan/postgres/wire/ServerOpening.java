package dev.banyan.postgres.wire;

import dev.banyan.net.Transport;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Opens connections to servers: TCP, TLS, the start-up packet, authentication, up to the first ReadyForQuery. Safe for any loop. */
public final class ServerOpening {
    private final ServerDial dial;
    private final Duration limit;
    private final ScramKeyCache cache;
    private final SecureRandom secrets;

    /**
     * @param connect how long a TCP connection may take
     * @param limit how long all of it may take, that included
     * @param blocking computes what a password comes to, some 2 ms for each user
     * @param secrets for nonces
     */
    public ServerOpening(Transport transport, ServerTls tls, Duration connect, Duration limit, Executor blocking, SecureRandom secrets) {
        this.dial = new ServerDial(transport, tls, connect);
        this.limit = limit;
        this.cache = new ScramKeyCache(blocking);
        this.secrets = secrets;
    }

    /**
     * Opens one connection on a loop; may be called from any thread.
     *
     * @param login user, database and proof; its settings are not sent
     * @param parameters run-time parameters for the start-up packet, {@code replication} too
     */
    public void open(EventLoop loop, Member member, Login login, Map<String, String> parameters, Opened opened) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> open(loop, member, login, parameters, opened));
            return;
        }
        new Attempt(member, login, parameters, opened).begin(loop);
    }

    /** One connection on its way. Owned by its loop. */
    private final class Attempt implements ServerDial.Dialled, Opened {
        private final Member member;
        private final Login login;
        private final Map<String, String> parameters;
        private final Opened outcome;
        private Channel channel;
        private Future<?> timer;
        private boolean spoke;
        private boolean over;

        Attempt(Member member, Login login, Map<String, String> parameters, Opened outcome) {
            this.member = member;
            this.login = login;
            this.parameters = Map.copyOf(parameters);
            this.outcome = outcome;
        }

        void begin(EventLoop loop) {
            timer = loop.schedule(this::tooSlow, limit.toNanos(), TimeUnit.NANOSECONDS);
            channel = dial.dial(loop, member, this);
        }

        @Override
        public void dialled(Channel connected, boolean encrypted, Optional<byte[]> endPoint) {
            spoke = encrypted;
            connected.pipeline().addLast(new ServerLogin(member, login, parameters, new ServerExchange(member, login, encrypted, endPoint, secrets), cache, this));
        }

        @Override
        public void opened(Channel ready, ServerWelcome welcome) {
            if (end()) {
                outcome.opened(ready, welcome);
            }
        }

        @Override
        public void failed(PostgresError why, boolean reachable) {
            if (end()) {
                outcome.failed(why, reachable);
            }
        }

        private void tooSlow() {
            if (end()) {
                channel.close();
                outcome.failed(Refusal.SERVER_TOO_SLOW.fatal(member, limit.toMillis()), spoke);
            }
        }

        private boolean end() {
            boolean first = !over;
            over = true;
            timer.cancel(false);
            return first;
        }
    }
}
