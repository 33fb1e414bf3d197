package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Callers;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.Reading;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The callers of a site file and the check of its first route, asked as a front door would ask; its clock stands still. */
final class Gate implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final long PATIENCE_SECONDS = 20;

    final SetClock clock = new SetClock(NOW);
    final List<Decision> decisions = new CopyOnWriteArrayList<>();
    final dev.banyan.http.gateway.callers.Callers callers;
    private final Loops loops = Loops.open(IoKind.best(), 1);
    private final FileWatch files = FileWatch.start(loops.blocking(), Clock.system(), Duration.ofMillis(10));
    private final Registry registry = new Registry(clock);
    private Check check;

    /** What came of a request. */
    record Answer(int status, String text, List<FieldLine> fields, String caller, String forwarded, String target) {
        String field(String name) {
            return fields.stream().filter(line -> line.name().equalsIgnoreCase(name)).map(FieldLine::value).collect(Collectors.joining(" | "));
        }
    }

    private Gate(String callersYaml, String routeYaml) {
        callers = dev.banyan.http.gateway.callers.Callers.of(new Surroundings(clock, loops.blocking(), files, registry, decisions::add));
        use(callersYaml, routeYaml);
    }

    /**
     * @param callersYaml the value of gateway.callers, in braces
     * @param routeYaml the value of the route's callers, in braces
     */
    static Gate of(String callersYaml, String routeYaml) {
        return new Gate(callersYaml, routeYaml);
    }

    void use(String callersYaml, String routeYaml) {
        String yaml = "site: a\napplication: { command: x }\ngateway:\n  callers: " + callersYaml + "\n  routes: [{ name: r, callers: " + routeYaml + " }]\n";
        if (!(SiteFile.read(yaml, _ -> Optional.empty()) instanceof Reading.Site(Topology site, _, _))) {
            throw new IllegalArgumentException(yaml + SiteFile.read(yaml, _ -> Optional.empty()));
        }
        Optional<Callers> asked = site.gateway().callers();
        callers.use(asked);
        check = callers.check(site.gateway().routes().getFirst().callers()).orElseThrow();
    }

    Check check() {
        return check;
    }

    /** The check of a route that asks nobody. */
    Optional<Check> open() {
        return callers.check(Optional.empty());
    }

    Answer ask(String... fields) {
        return askFrom("192.0.2.1", "/x", fields);
    }

    Answer askFrom(String client, String target, String... fields) {
        return ask(check, client, target, fields);
    }

    Answer ask(Check asked, String client, String target, String... fields) {
        byte[] head = ("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + String.join("", List.of(fields).stream().map(field -> field + "\r\n").toList()) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead read = new RequestHead();
        assertThat(read.read(head, 0, head.length, 100)).isEqualTo(HeadVerdict.WHOLE);
        Call call = new Call();
        call.begin(read, client, true);
        LocalAnswer answer = asked.check(call, clock.nanos());
        for (CompletionStage<Check> rest = call.takeAwaited(); answer == null && rest != null; rest = call.takeAwaited()) {
            answer = rest.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().check(call, clock.nanos());
        }
        return answer != null ? new Answer(answer.status(), new String(answer.body(), StandardCharsets.UTF_8), answer.fields(), "", "", "") : passed(call);
    }

    private static Answer passed(Call call) {
        HeadBuffer out = new HeadBuffer();
        RequestHead head = call.head();
        for (int i = 0; i < head.fields().count(); i++) {
            if (!call.request().removes(head.fields(), i)) {
                out.put(head.bytes(), head.fields().nameStart(i), head.fields().nameEnd(i)).put(HeadBuffer.ascii(": "));
                out.put(head.bytes(), head.fields().valueStart(i), head.fields().valueEnd(i)).put(HeadBuffer.ascii("\r\n"));
            }
        }
        call.request().write(out);
        String forwarded = new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
        out.clear();
        call.request().writeTarget(head.bytes(), head.pathStart(), head.targetEnd(), out);
        String target = new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
        return new Answer(200, "", List.copyOf(call.response().added()), call.identity().map(who -> who.name()).orElse(""), forwarded, target);
    }

    /** Lets time go by, once who waits for it does. */
    void pass(Duration time) {
        await(() -> clock.sleepers() > 0);
        clock.advance(time);
    }

    /** Puts a file in the place of another at once, as those do who care for their readers. */
    static Path write(Path file, String content) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), content);
        return Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** How often a way had an outcome. */
    double counted(String way, String outcome) {
        return registry.snapshot().total("banyan_gateway_callers_total", Labels.of("way", way, "outcome", outcome));
    }

    /** Waits for what another thread does. */
    static void await(BooleanSupplier condition) {
        long until = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(Clock.system().nanos()).as("it came within " + PATIENCE_SECONDS + " s").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        callers.close();
        files.close();
        loops.close();
    }
}
