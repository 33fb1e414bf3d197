package dev.banyan.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Gateway;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.Route;
import dev.banyan.topology.Route.FieldMatch;
import dev.banyan.topology.SiteName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The table of routes finds for any request what looking through all routes, one after the other, finds. */
class RouteModelTest {
    private static final List<String> SEGMENTS = List.of("a", "b", "c", "{x}", "{y}", "%41", "A");
    private static final List<String> ASKED = List.of("a", "b", "c", "d", "A", "%61", "%41", "a;v=1", ".", "", "..");
    private static final List<String> HOSTS = List.of("a.example", "b.a.example", "*.a.example", "*.example", "c.example", "A.Example");
    private static final List<String> ASKED_HOSTS = List.of("a.example", "B.a.example", "x.b.a.example", "c.example:81", "example", "d.example.", "other");
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PURGE");

    private static final Gateway PLAIN = Gateways.site("routes: [{ name: any }]").gateway();
    private static final Gateway IGNORING_CASE = Gateways.site("{ ignore-case: true, routes: [{ name: any }] }").gateway();

    @Property(tries = 1000)
    void theFirstRouteThatTakesTheRequestIsFound(@ForAll Random random) {
        Gateway some = random.nextInt(4) == 0 ? IGNORING_CASE : PLAIN;
        List<Route> routes = IntStream.range(0, 1 + random.nextInt(30)).mapToObj(i -> route(some.routes().getFirst(), i, random)).toList();
        RouteTable table = RouteTable.of(new Gateway(routes, some.ignoreCase(), some.identityHeader(), some.callers(), some.errorPages(), some.maintenance(), some.limits(), some.concurrency(), some.breaker(),
                some.compression()), Path.of("."), Checks.NONE);
        for (int i = 0; i < 20; i++) {
            Asked asked = Asked.any(random);
            Gateways.Went went = Gateways.pass(table, Gateways.head(asked.lines()));
            String expected = asked.segments().map(segments -> routes.stream().filter(route -> takes(route, asked, segments, some.ignoreCase())).map(route -> route.name().value()).findFirst().orElse("")).orElse("400");
            assertThat(went.answer() != null ? String.valueOf(went.answer().status()) : went.passage().route()).as("%s of %s", asked, routes).isEqualTo(expected);
        }
    }

    private static Route route(Route some, int number, Random random) {
        List<String> segments = IntStream.range(0, random.nextInt(4)).mapToObj(_ -> one(SEGMENTS, random)).toList();
        return new Route(new SiteName("route-" + number), several(HOSTS, random), new PathPattern(segments), random.nextInt(3) == 0, several(METHODS, random), matches(random), matches(random), some.service(), some.split(), some.redirect(),
                some.files(), some.respond(), some.canary(), some.mirror(), some.rewrite(), some.requestHeaders(), some.responseHeaders(), some.cors(), some.timeouts(), some.retries(), some.limits(), some.compress(), some.callers(),
                some.priority());
    }

    private static List<FieldMatch> matches(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> List.of(new FieldMatch("x", Optional.empty(), Optional.empty()));
            case 1 -> List.of(new FieldMatch("x", Optional.of("1"), Optional.empty()));
            case 2 -> List.of(new FieldMatch("y", Optional.empty(), Optional.of("[12]+")), new FieldMatch("x", Optional.empty(), Optional.empty()));
            default -> List.of();
        };
    }

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<String> several(List<String> of, Random random) {
        return random.nextBoolean() ? List.of() : IntStream.range(0, 1 + random.nextInt(2)).mapToObj(_ -> one(of, random)).distinct().toList();
    }

    /** A request. */
    private record Asked(String method, String host, String path, Map<String, String> query, Map<String, String> headers) {
        static Asked any(Random random) {
            StringBuilder path = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                path.append('/').append(one(random.nextInt(3) == 0 ? ASKED : ASKED.subList(0, 5), random));
            }
            return new Asked(one(METHODS, random), one(ASKED_HOSTS, random), path.toString(), values(random), values(random));
        }

        private static Map<String, String> values(Random random) {
            return random.nextBoolean() ? Map.of() : Map.of(random.nextBoolean() ? "x" : "y", String.valueOf(random.nextInt(3)));
        }

        String[] lines() {
            String parameters = query.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).findFirst().map(text -> "?" + text).orElse("");
            List<String> lines = new ArrayList<>(List.of(method + " " + path + parameters + " HTTP/1.1", "Host: " + host));
            headers.forEach((name, value) -> lines.add(name + ": " + value));
            return lines.toArray(String[]::new);
        }

        /** The path's segments; empty when it climbs. */
        Optional<List<String>> segments() {
            List<String> segments = new ArrayList<>();
            for (String segment : path.split("/")) {
                if (segment.equals("..")) {
                    if (segments.isEmpty()) {
                        return Optional.empty();
                    }
                    segments.removeLast();
                } else if (!segment.isEmpty() && !segment.equals(".")) {
                    segments.add(decoded(segment.replaceFirst(";.*", "")));
                }
            }
            return Optional.of(segments);
        }

        String plainHost() {
            return host.toLowerCase(Locale.ROOT).replaceFirst(":.*", "").replaceFirst("\\.$", "");
        }
    }

    private static String decoded(String segment) {
        return segment.replace("%61", "a").replace("%41", "A");
    }

    private static boolean takes(Route route, Asked asked, List<String> segments, boolean ignoreCase) {
        boolean host = route.hosts().isEmpty() || route.hosts().stream().map(pattern -> pattern.toLowerCase(Locale.ROOT))
                .anyMatch(pattern -> pattern.startsWith("*") ? asked.plainHost().endsWith(pattern.substring(1)) : asked.plainHost().equals(pattern));
        boolean method = route.methods().isEmpty() || route.methods().contains(asked.method()) || asked.method().equals("HEAD") && route.methods().contains("GET");
        return host && method && path(route, segments, ignoreCase) && route.headers().stream().allMatch(match -> fits(match, asked.headers())) && route.query().stream().allMatch(match -> fits(match, asked.query()));
    }

    private static boolean path(Route route, List<String> segments, boolean ignoreCase) {
        List<String> wanted = route.path().segments();
        boolean length = route.exact() ? wanted.size() == segments.size() : wanted.size() <= segments.size();
        return length && IntStream.range(0, wanted.size()).allMatch(i -> wanted.get(i).startsWith("{")
                || (ignoreCase ? decoded(wanted.get(i)).equalsIgnoreCase(segments.get(i)) : decoded(wanted.get(i)).equals(segments.get(i))));
    }

    private static boolean fits(FieldMatch match, Map<String, String> values) {
        String value = values.get(match.name());
        return value != null && match.equals().map(value::equals).orElse(true) && match.matches().map(value::matches).orElse(true);
    }
}
