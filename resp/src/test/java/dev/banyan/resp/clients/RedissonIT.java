package dev.banyan.resp.clients;

import dev.banyan.resp.clients.RedissonScenarios.Pace;
import dev.banyan.topology.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.redisson.config.Protocol;
import redis.clients.jedis.Jedis;

/** Redisson, by what it is used for, in both versions of the protocol: at a Redis itself, and through the router. */
class RedissonIT {
    private static final Places PLACES = new Places();
    private static final Map<At, RedissonClients> CLIENTS = new HashMap<>();
    private static final Map<At, Map<String, CompletableFuture<Void>>> SLOW = new HashMap<>();

    private record At(Way way, Protocol protocol) {
        /** Each way and each version at least once; with {@code -Dclients=all} each way in each version, which takes half as long again. */
        static List<At> all() {
            return Stream.of(Way.values()).flatMap(way -> Stream.of(Protocol.values()).map(protocol -> new At(way, protocol)))
                    .filter(at -> at.way() == Way.RING || "all".equals(System.getProperty("clients")) || (at.way() == Way.ONE_NODE) == (at.protocol() == Protocol.RESP2)).toList();
        }
    }

    /** What has to wait for its time everywhere waits while the others run. */
    @BeforeAll
    static void open() {
        PLACES.open(List.of(Way.values()));
        for (Way way : Way.values()) {
            HostPort at = PLACES.at(way).at();
            try (Jedis jedis = new Jedis(at.host(), at.port())) {
                jedis.configSet("notify-keyspace-events", "KEA"); // each node tells of its own keys
            }
        }
        for (At at : At.all()) {
            RedissonClients clients = new RedissonClients(PLACES.at(at.way()).at(), at.protocol(), at.way().several());
            CLIENTS.put(at, clients);
            Map<String, CompletableFuture<Void>> slow = SLOW.computeIfAbsent(at, _ -> new HashMap<>());
            RedissonScenarios.all(Pace.SLOW).forEach(scenario -> slow.put(scenario.name(), Background.run(() -> scenario.run(clients))));
        }
    }

    @AfterAll
    static void close() throws Exception {
        try (PLACES) {
            CLIENTS.values().forEach(RedissonClients::close);
            PLACES.check();
        }
    }

    @TestFactory
    Stream<DynamicNode> whatRedissonDoes() {
        return At.all().stream().map(at -> DynamicContainer.dynamicContainer(at.way() + ", " + at.protocol(),
                RedissonScenarios.all(Pace.QUICK).stream().map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run(CLIENTS.get(at))))));
    }

    @TestFactory
    Stream<DynamicNode> whatTakesItsTime() {
        return At.all().stream().map(at -> DynamicContainer.dynamicContainer(at.way() + ", " + at.protocol(),
                SLOW.get(at).entrySet().stream().map(begun -> DynamicTest.dynamicTest(begun.getKey(), () -> begun.getValue().join()))));
    }
}
