package dev.banyan.resp.clients;

import static dev.banyan.resp.clients.RedissonScenarios.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.events.SessionCreatedEvent;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/** Spring Session in two copies of an application: at a Redis itself, and through the router. */
class SpringSessionIT {
    private static final Places PLACES = new Places();
    private static final Map<Way, Copies> COPIES = new EnumMap<>(Way.class);

    /**
     * @param one and {@code two}: as they are without a setting
     * @param tagged and {@code tagged2}: with a tag in the namespace, so that all keys are at one node
     * @param several whether the keys of the others may be on different nodes
     */
    private record Copies(SpringCopy one, SpringCopy two, SpringCopy tagged, SpringCopy tagged2, boolean several) {}

    @BeforeAll
    static void open() {
        PLACES.open(List.of(Way.values()));
        for (Way way : Way.values()) {
            SpringCopy one = copy(way, "spring:session");
            SpringCopy two = copy(way, "spring:session");
            COPIES.put(way, way.several() ? new Copies(one, two, copy(way, "{shop}:session"), copy(way, "{shop}:session"), true) : new Copies(one, two, one, two, false));
        }
    }

    private static SpringCopy copy(Way way, String namespace) {
        return new SpringCopy(PLACES.at(way).at(), namespace);
    }

    @AfterAll
    static void close() throws Exception {
        try (PLACES) {
            COPIES.values().forEach(copies -> Stream.of(copies.one(), copies.two(), copies.tagged(), copies.tagged2()).forEach(SpringCopy::close));
            PLACES.check();
        }
    }

    @TestFactory
    Stream<DynamicNode> whatSpringSessionDoes() {
        return Stream.of(Way.values()).map(way -> DynamicContainer.dynamicContainer(way.toString(),
                scenarios().map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run(COPIES.get(way))))));
    }

    private static Stream<Scenario<Copies>> scenarios() {
        return Stream.of(
                new Scenario<>("sessions come, change and go", SpringSessionIT::life),
                new Scenario<>("sessions by their user", SpringSessionIT::byUser),
                new Scenario<>("changes at once", SpringSessionIT::changesAtOnce),
                new Scenario<>("events", SpringSessionIT::events),
                new Scenario<>("another name for a session", SpringSessionIT::renamed),
                new Scenario<>("a browser at two copies", SpringSessionIT::web));
    }

    private static void life(Copies copies) {
        Session session = copies.one().sessions().createSession();
        session.setAttribute("cart", "fig");
        session.setAttribute("gone", 1);
        copies.one().sessions().save(session);
        Session there = copies.two().sessions().findById(session.getId());
        assertThat(there.<String>getAttribute("cart")).isEqualTo("fig");
        assertThat(there.getCreationTime().toEpochMilli()).isEqualTo(session.getCreationTime().toEpochMilli());
        there.removeAttribute("gone");
        there.setAttribute("cart", "plum");
        there.setMaxInactiveInterval(Duration.ofHours(1));
        copies.two().sessions().save(there);
        Session again = copies.one().sessions().findById(session.getId());
        assertThat(again.getAttributeNames()).containsExactly("cart");
        assertThat(again.<String>getAttribute("cart")).isEqualTo("plum");
        assertThat(again.getMaxInactiveInterval()).isEqualTo(Duration.ofHours(1));
        copies.one().sessions().deleteById(session.getId());
        assertThat(copies.two().sessions().findById(session.getId())).isNull();
    }

    private static void byUser(Copies copies) {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> saved(copies.one(), i < 6 ? "ann" : "bob").getId()).toList();
        assertThat(copies.two().sessions().findByPrincipalName("ann")).containsOnlyKeys(ids.subList(0, 6));
        Session changed = copies.two().sessions().findById(ids.getFirst());
        changed.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "bob");
        copies.two().sessions().save(changed);
        assertThat(copies.one().sessions().findByPrincipalName("bob")).containsOnlyKeys(ids.get(6), ids.get(7), ids.getFirst());
        ids.forEach(copies.one().sessions()::deleteById);
        assertThat(copies.two().sessions().findByPrincipalName("ann")).isEmpty();
    }

    private static Session saved(SpringCopy copy, String user) {
        Session session = copy.sessions().createSession();
        session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, user);
        copy.sessions().save(session);
        return session;
    }

    /** Each saves only what it has changed. */
    private static void changesAtOnce(Copies copies) {
        String id = saved(copies.one(), "eve").getId();
        List<CompletableFuture<Void>> changes = IntStream.range(0, 20).mapToObj(i -> Background.run(() -> {
            SpringCopy copy = i % 2 == 0 ? copies.one() : copies.two();
            Session session = copy.sessions().findById(id);
            session.setAttribute("field" + i, i);
            copy.sessions().save(session);
        })).toList();
        changes.forEach(CompletableFuture::join);
        Session whole = copies.one().sessions().findById(id);
        assertThat(IntStream.range(0, 20).map(i -> whole.<Integer>getAttribute("field" + i)).toArray()).containsExactly(IntStream.range(0, 20).toArray());
    }

    /** They come from the nodes themselves, each of which tells of its own keys alone. */
    private static void events(Copies copies) {
        List<String> expiring = IntStream.range(0, 9).mapToObj(_ -> {
            Session session = copies.one().sessions().createSession();
            session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "zoe");
            session.setMaxInactiveInterval(Duration.ofSeconds(1));
            copies.one().sessions().save(session);
            return session.getId();
        }).toList();
        List<String> deleted = IntStream.range(0, 9).mapToObj(_ -> saved(copies.one(), "yan").getId()).toList();
        deleted.forEach(copies.two().sessions()::deleteById);
        for (SpringCopy copy : List.of(copies.one(), copies.two())) {
            await(() -> copy.told(SessionExpiredEvent.class).containsAll(expiring));
            await(() -> copy.told(SessionDeletedEvent.class).containsAll(deleted));
            await(() -> copy.told(SessionCreatedEvent.class).containsAll(expiring));
            assertThat(copy.told(SessionExpiredEvent.class)).as("each once").containsExactlyInAnyOrderElementsOf(expiring);
            assertThat(copy.told(SessionDeletedEvent.class).stream().filter(deleted::contains)).containsExactlyInAnyOrderElementsOf(deleted);
            assertThat(copy.told(SessionCreatedEvent.class).stream().filter(expiring::contains)).containsExactlyInAnyOrderElementsOf(expiring);
        }
        assertThat(copies.one().sessions().findByPrincipalName("zoe")).isEmpty();
    }

    /** What a login does to a session; with two names on two nodes it needs a namespace with a tag. */
    private static void renamed(Copies copies) {
        Session session = saved(copies.tagged(), "kim");
        String before = session.getId();
        String after = session.changeSessionId();
        copies.tagged().sessions().save(session);
        assertThat(copies.tagged2().sessions().findById(before)).isNull();
        assertThat(copies.tagged2().sessions().findByPrincipalName("kim")).containsOnlyKeys(after);
        if (copies.several()) {
            assertThatThrownBy(() -> IntStream.range(0, 50).forEach(_ -> {
                Session apart = saved(copies.one(), "max");
                apart.changeSessionId();
                copies.one().sessions().save(apart);
            })).hasStackTraceContaining("CROSSSLOT");
        }
    }

    private static void web(Copies copies) throws Exception {
        try (SpringWeb one = new SpringWeb(copies.tagged()); SpringWeb two = new SpringWeb(copies.tagged2()); HttpClient browser = HttpClient.newHttpClient()) {
            HttpResponse<String> first = get(browser, one, "/", "");
            String cookie = cookie(first);
            assertThat(first.body()).isEqualTo("1");
            assertThat(get(browser, two, "/", cookie).body()).isEqualTo("2");
            assertThat(get(browser, one, "/", cookie).body()).isEqualTo("3");
            String known = cookie(get(browser, two, "/login", cookie));
            assertThat(known).isNotEqualTo(cookie);
            assertThat(get(browser, one, "/", known).body()).isEqualTo("4");
            assertThat(get(browser, one, "/", cookie).body()).as("of the name before").isEqualTo("1");
            get(browser, one, "/logout", known);
            assertThat(get(browser, two, "/", known).body()).as("after the logout").isEqualTo("1");
        }
    }

    private static HttpResponse<String> get(HttpClient browser, SpringWeb web, String path, String cookie) throws Exception {
        return browser.send(HttpRequest.newBuilder(web.at(path)).header("Cookie", cookie.isEmpty() ? "a=b" : cookie).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }
}
