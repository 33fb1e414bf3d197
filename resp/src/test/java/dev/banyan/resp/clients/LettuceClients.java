package dev.banyan.resp.clients;

import dev.banyan.topology.HostPort;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;

/** Lettuce's connections to one place in one version of the protocol. Closing it closes them all. */
final class LettuceClients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RedisClient client;
    private final ProtocolVersion protocol;
    private final String tag;
    private final boolean several;

    LettuceClients(HostPort at, ProtocolVersion protocol, String tag, boolean several) {
        this.client = RedisClient.create(RedisURI.builder().withHost(at.host()).withPort(at.port()).withTimeout(PATIENCE).withClientName("lettuce").build());
        client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
        this.protocol = protocol;
        this.tag = tag;
        this.several = several;
    }

    StatefulRedisConnection<String, String> open() {
        return client.connect();
    }

    RedisCommands<String, String> commands() {
        return open().sync();
    }

    StatefulRedisConnection<byte[], byte[]> openBytes() {
        return client.connect(ByteArrayCodec.INSTANCE);
    }

    StatefulRedisPubSubConnection<String, String> subscriber() {
        return client.connectPubSub();
    }

    ProtocolVersion protocol() {
        return protocol;
    }

    String key(String name) {
        return tag + name;
    }

    boolean several() {
        return several;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }
}
