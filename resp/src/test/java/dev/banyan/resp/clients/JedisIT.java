package dev.banyan.resp.clients;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import redis.clients.jedis.RedisProtocol;

/** Jedis, by everything it is used for, in both versions of the protocol: at a Redis itself, and through the router. */
class JedisIT {
    private static final List<RedisProtocol> PROTOCOLS = List.of(RedisProtocol.RESP2, RedisProtocol.RESP3);

    private static final Places PLACES = new Places();

    @BeforeAll
    static void open() {
        PLACES.open(Way.whole());
    }

    @AfterAll
    static void close() throws Exception {
        try (PLACES) {
            PLACES.check();
        }
    }

    @TestFactory
    Stream<DynamicNode> whatJedisDoes() {
        return Way.whole().stream().flatMap(way -> PROTOCOLS.stream().map(protocol -> DynamicContainer.dynamicContainer(way + ", " + protocol,
                Stream.concat(JedisDataScenarios.all().stream(), JedisSessionScenarios.all().stream()).map(scenario -> test(way, protocol, scenario)))));
    }

    private static DynamicTest test(Way way, RedisProtocol protocol, Scenario<JedisClients> scenario) {
        return DynamicTest.dynamicTest(scenario.name(), () -> {
            try (JedisClients clients = new JedisClients(PLACES.at(way), protocol, scenario.tag() + protocol, way.several())) {
                scenario.run(clients);
            }
        });
    }
}
