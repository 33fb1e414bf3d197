package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the front door does with a request before and after a service answers it. */
@Doc("What the front door does with a request before and after a service answers it.")
public record Gateway(
        @Doc("Rules for requests; the first that matches counts, and what none matches goes to the application.") List<Route> routes,
        @Default("false") @Doc("Whether routes' paths match without regard to the case of ASCII letters: for services that do not tell /Admin from /admin.") boolean ignoreCase,
        @Written(Form.FIELD_NAME) @Default("X-Authenticated-User") @Doc("The request header in which services are told who calls; what a client sends under this name never reaches them.")
                String identityHeader,
        @Doc("How callers show who they are; routes say for themselves whom they let in.") Optional<Callers> callers,
        @Doc("Pages for answers that Banyan gives itself, by status (404) or class of status (5xx); the status comes first.") Map<String, ErrorPage> errorPages,
        @Doc("Answering nobody for a while, but those who work on the site.") Maintenance maintenance,
        @Doc("How many requests may come in a time, whatever their route; all of these must allow one.") List<RateLimit> limits,
        @Doc("A limit on the requests at each service at a time, which finds its own value; none when absent.") Optional<Concurrency> concurrency,
        @Doc("Leaving a service alone for a while when its requests mostly fail; never when absent.") Optional<Breaker> breaker,
        @Doc("Compressing answers on their way to clients; not when absent.") Optional<Compression> compression) {

    public Gateway {
        routes = List.copyOf(routes);
        errorPages = Map.copyOf(errorPages);
        limits = List.copyOf(limits);
    }

    /** A page for answers with a status. */
    @Doc("A page for answers with a status; a plain text is its file.")
    public record ErrorPage(
            @Plain @Doc("The file, relative to the site file; read when the site file is, its type by its name.") Path file,
            @Default("false") @Doc("Whether it stands in for what a service answers with that status, too.") boolean intercept) {}

    /** A site that answers nobody. */
    @Doc("Answering nobody for a while, but those who work on the site.")
    public record Maintenance(
            @Default("false") @Doc("Whether it is so now: requests get 503.") boolean active,
            @Doc("The page they get, relative to the site file; one line of text when absent.") Optional<Path> page,
            @Range(from = "1s", to = "7d") @Default("5m") @Doc("After what time clients are told to try again (Retry-After).") Duration retryAfter,
            @Written(Form.CIDR) @Doc("Addresses (CIDR) of clients that are served all the same.") List<String> allow) {

        public Maintenance {
            allow = List.copyOf(allow);
        }
    }
}
