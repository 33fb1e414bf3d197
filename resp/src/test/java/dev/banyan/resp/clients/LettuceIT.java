package dev.banyan.resp.clients;

import io.lettuce.core.protocol.ProtocolVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Lettuce, by what it is used for, in both versions of the protocol: at a Redis itself, and through the router. */
class LettuceIT {
    private static final List<ProtocolVersion> PROTOCOLS = List.of(ProtocolVersion.RESP2, ProtocolVersion.RESP3);

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
    Stream<DynamicNode> whatLettuceDoes() {
        return Way.whole().stream().flatMap(way -> PROTOCOLS.stream().map(protocol -> DynamicContainer.dynamicContainer(way + ", " + protocol,
                LettuceScenarios.all().stream().map(scenario -> test(way, protocol, scenario)))));
    }

    private static DynamicTest test(Way way, ProtocolVersion protocol, Scenario<LettuceClients> scenario) {
        return DynamicTest.dynamicTest(scenario.name(), () -> {
            try (LettuceClients clients = new LettuceClients(PLACES.at(way).at(), protocol, scenario.tag() + protocol, way.several())) {
                scenario.run(clients);
            }
        });
    }
}
