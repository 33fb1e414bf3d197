package dev.banyan.postgres;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A server that speaks PostgreSQL's protocol and understands just enough SQL ({@link FakeSql}) for what the router does to show: transactions,
 * settings, prepared statements, copies, a log whose position grows with every commit.
 */
final class FakePostgres {
    static final long NEVER = Long.MAX_VALUE;

    final RouterWorld world;
    final Member member;
    boolean replica;
    /** It has left the world. */
    boolean gone;
    /** It takes no connections. */
    boolean refuses;
    /** It takes new connections and reads nothing of them. */
    boolean refusesSilently;
    /** It takes connections and says nothing. */
    boolean silent;
    /** The SQLSTATE of its answer to reads; empty while it answers them. */
    String refusesReadsWith = "";
    /** It replays nothing. */
    boolean frozen;
    /** How its answers are cut. */
    Pieces pieces = Pieces.WHOLE;
    /** Bytes of answers to sessions until it breaks one connection, the one that gets the last of them. */
    long bytesLeft = NEVER;
    /** What it was sent by sessions, as words: {@code Q select 1}, {@code P banyan_1 select 1}, {@code B banyan_1}. */
    final List<String> sent = new ArrayList<>();
    final List<FakeBackend> backends = new ArrayList<>();
    private final Channel listener;
    private final List<String> committed = new ArrayList<>();
    private long position = 0x1000;
    private int processes;

    FakePostgres(RouterWorld world, Member member) {
        this.world = world;
        this.member = member;
        this.listener = world.listen(member.address(), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (refuses) {
                    channel.close();
                } else if (refusesSilently) {
                    channel.config().setAutoRead(false);
                } else {
                    channel.pipeline().addLast(new FakeBackend(FakePostgres.this, channel, ++processes));
                }
            }
        });
    }

    /** What is committed as it sees it. */
    List<String> committed() {
        return source().committed;
    }

    long position() {
        return source().position;
    }

    private FakePostgres source() {
        return replica && !frozen ? world.primary() : this;
    }

    void commit(List<String> writes) {
        committed.addAll(writes);
        position += 64L * writes.size();
    }

    /** As if nothing had been written yet; its log stays where it is. */
    void forget() {
        committed.clear();
    }

    /** It replays no more. */
    void freeze() {
        FakePostgres source = source();
        committed.clear();
        committed.addAll(source.committed);
        position = source.position;
        frozen = true;
    }

    /** Becomes a primary with all that the other one has. */
    void promote(FakePostgres from) {
        committed.addAll(from.committed.subList(committed.size(), from.committed.size()));
        position = from.position + 16;
        world.use(member.name());
    }

    /** Words of what was sent that begin so. */
    List<String> sent(String beginning) {
        return sent.stream().filter(word -> word.startsWith(beginning)).toList();
    }

    /** Sessions' connections, not the monitors'. */
    List<FakeBackend> sessions() {
        return backends.stream().filter(backend -> !backend.monitor()).toList();
    }

    void cancel(int process) {
        sent.add("cancel");
        backends.stream().filter(backend -> backend.process() == process).forEach(FakeBackend::cancel);
    }

    void notifyAll(String channel, String payload) {
        List.copyOf(backends).forEach(backend -> backend.notified(channel, payload));
    }

    /** All its connections end without a word. */
    void kill() {
        List.copyOf(backends).forEach(FakeBackend::kill);
    }

    void killSessions() {
        sessions().forEach(FakeBackend::kill);
        world.settle();
    }

    void stop() {
        gone = true;
        listener.close();
        kill();
    }

    /** The settings that every session begins with. */
    static TreeMap<String, String> defaults() {
        return new TreeMap<>(java.util.Map.of("application_name", "", "timezone", "UTC", "datestyle", "ISO", "default_transaction_isolation", "read committed"));
    }
}
