package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Autobahn test suite, the conformance suite of WebSocket (RFC 6455): its fuzzing client against an echo server, through the front
 * door. It comes from Maven Central with the Python it runs on.
 *
 * <p>The cases are all but the large messages (9), which {@code -Dautobahn.cases=*} adds. Compression (12, 13) is between client and server;
 * the echo server does not offer it.
 */
class AutobahnIT {
    private static final String BUILD = "1.*,2.*,3.*,4.*,5.*,6.*,7.*,10.*";
    private static final int BUILD_CASES = 247;
    private static final String CASES = System.getProperty("autobahn.cases", BUILD);
    private static final List<String> FINE = List.of("OK", "NON_STRICT", "INFORMATIONAL");

    @Test
    void passesEveryCase_throughTheFrontDoor() throws Exception {
        String output;
        try (Loops loops = Loops.open(IoKind.best(), 1); WebSocketEcho echo = new WebSocketEcho(loops); Site site = Site.at("", echo.address())) {
            output = Tool.run(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath(),
                    AutobahnClient.class.getName(),
                    "ws://127.0.0.1:" + site.port(),
                    CASES);
        }
        List<String[]> cases = output.lines().filter(line -> line.startsWith("case ")).map(line -> line.split(" ")).toList();
        Map<String, Long> counts = cases.stream().collect(Collectors.groupingBy(line -> line[2], TreeMap::new, Collectors.counting()));
        System.out.println("Autobahn: " + cases.size() + " cases, " + counts);
        assertThat(cases).as(output).isNotEmpty();
        if (CASES.equals(BUILD)) {
            assertThat(cases).hasSize(BUILD_CASES);
        }
        assertThat(cases).allSatisfy(line -> {
            assertThat(FINE).as("case %s", line[1]).contains(line[2]);
            assertThat(FINE).as("the close of case %s", line[1]).contains(line[3]);
        });
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("autobahn") || entry.contains("jython") || entry.contains("json-simple") || entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
