package dev.banyan.resp.clients;

import dev.banyan.topology.HostPort;
import jakarta.servlet.Filter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisIndexedHttpSession;
import org.springframework.session.events.AbstractSessionEvent;

/** One copy of an application whose sessions Spring keeps in Redis, set up as its manual says: with an index by name and events. */
final class SpringCopy implements AutoCloseable {
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final List<AbstractSessionEvent> events = new CopyOnWriteArrayList<>();

    /** @param namespace what all keys begin with; {@code spring:session} for who says nothing */
    SpringCopy(HostPort at, String namespace) {
        context.registerBean(LettuceConnectionFactory.class, () -> new LettuceConnectionFactory(at.host(), at.port()));
        context.registerBean(Namespace.class, () -> new Namespace(namespace));
        context.addApplicationListener(event -> {
            if (event instanceof AbstractSessionEvent told) {
                events.add(told);
            }
        });
        context.register(Settings.class);
        context.refresh();
    }

    record Namespace(String value) {}

    @Configuration
    @EnableRedisIndexedHttpSession
    static class Settings {
        @Bean
        SessionRepositoryCustomizer<RedisIndexedSessionRepository> named(Namespace namespace) {
            return repository -> repository.setRedisKeyNamespace(namespace.value());
        }
    }

    /** Its sessions; their own type is of no interest. */
    @SuppressWarnings("unchecked")
    FindByIndexNameSessionRepository<Session> sessions() {
        return (FindByIndexNameSessionRepository<Session>) (FindByIndexNameSessionRepository<?>) context.getBean(RedisIndexedSessionRepository.class);
    }

    /** The sessions that it was told of in events of that kind, as often as it was. */
    Collection<String> told(Class<? extends AbstractSessionEvent> kind) {
        return events.stream().filter(kind::isInstance).map(AbstractSessionEvent::getSessionId).toList();
    }

    /** Makes a servlet container's sessions Spring's. */
    Filter filter() {
        return context.getBean("springSessionRepositoryFilter", Filter.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
