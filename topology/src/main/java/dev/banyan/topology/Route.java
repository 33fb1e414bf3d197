package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which requests a rule is for, and what is done with them. At most one of {@code service}, {@code split}, {@code redirect}, {@code files}
 * and {@code respond} is given; with none the application answers.
 */
@Doc("Which requests a rule is for, and what is done with them: one of service, split, redirect, files and respond.")
public record Route(
        @Doc("Its name, for metrics, logs and 'banyan explain'.") SiteName name,
        @Written(Form.HOST_PATTERN) @Doc("Hosts it is for, a leading '*.' standing for any name below; all when absent.") List<String> hosts,
        @Default("/") @Doc("How the path begins, by whole segments; {NAME} stands for any one segment.") PathPattern path,
        @Default("false") @Doc("Whether the path is all of it, not its beginning.") boolean exact,
        @Written(Form.METHOD) @Doc("Methods it is for, GET standing for HEAD too; all when absent.") List<String> methods,
        @Doc("Headers that a request must have.") List<FieldMatch> headers,
        @Doc("Parameters that a request's query must have.") List<FieldMatch> query,
        @Written(Form.NAME) @Doc("Which of services answers; 'application' is the application, which answers when there is nothing else here.") Optional<String> service,
        @Doc("Several services, each with its share of the requests.") List<Split> split,
        @Doc("Clients are sent elsewhere.") Optional<Redirect> redirect,
        @Doc("Files of a folder are the answers.") Optional<Files> files,
        @Doc("One fixed answer.") Optional<Respond> respond,
        @Doc("A service that gets a part of the requests, to try it out.") Optional<Canary> canary,
        @Doc("A service that gets a copy of requests; what it answers is thrown away.") Optional<Mirror> mirror,
        @Doc("Which path the service gets.") Optional<Rewrite> rewrite,
        @Doc("What is changed in the headers that the service gets.") FieldRules requestHeaders,
        @Doc("What is changed in the headers that the client gets.") FieldRules responseHeaders,
        @Doc("Which other sites' pages may use it from a browser; what the service answers stands when absent.") Optional<Cors> cors,
        @Doc("How long parts of an exchange may take; as front-door.timeouts says when absent.") Timeouts timeouts,
        @Range(from = "0", to = "10") @Doc("How often an idempotent request that has had no answer is tried again; as front-door.retries.attempts says when absent.") OptionalInt retries,
        @Doc("How many requests may come in a time; all of these must allow one.") List<RateLimit> limits,
        @Default("true") @Doc("Whether answers may be compressed on their way to the client.") boolean compress,
        @Doc("Whom it lets in; all when absent.") Optional<Admission> callers,
        @Default("normal") @Doc("Which requests go first when not all can be served.") Priority priority) {

    public Route {
        hosts = List.copyOf(hosts);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        query = List.copyOf(query);
        split = List.copyOf(split);
        limits = List.copyOf(limits);
    }

    /** Which requests go first when not all can be served. */
    public enum Priority {
        @Doc("Served as long as anything is.")
        HIGH,
        @Doc("Served when there is room beside those.")
        NORMAL,
        @Doc("The first to be refused.")
        LOW
    }

    /** A header or parameter that a request must have. */
    @Doc("A header or parameter that a request must have; a plain text is its name.")
    public record FieldMatch(
            @Plain @Written(Form.FIELD_NAME) @Doc("Its name; a header's without regard to case.") String name,
            @Written(Form.FIELD_VALUE) @Doc("What its value must be; any when absent.") Optional<String> equals,
            @Written(Form.REGEX) @Doc("A regular expression (RE2: no lookaround, no back references) for the whole value.") Optional<String> matches) {}

    @Doc("One of the services that share a route's requests.")
    public record Split(
            @Plain @Written(Form.NAME) @Doc("The service, or 'application'.") String service,
            @Range(from = "0", to = "1000") @Default("1") @Doc("Its share of the requests beside the others; 0 is none.") int weight) {}

    @Doc("Clients are sent elsewhere; a plain text is where to.")
    public record Redirect(
            @Plain @Written(Form.LOCATION) @Doc("Where to: a URL, or a path from its slash on, with {scheme}, {host}, {path}, {rest} (the path past the route's), {query} and the path's own names in it.") Template to,
            @Range(from = "301", to = "308") @Default("308") @Doc("301 or 308 for good, 302, 303 or 307 for now; 307 and 308 keep the method.") int status) {}

    @Doc("Files of a folder are the answers; a plain text is the folder.")
    public record Files(
            @Plain @Doc("The folder, relative to the site file; what lies past the route's path is looked up in it.") Path folder,
            @Written(Form.FILE_NAME) @Default("index.html") @Doc("The file that stands for a folder.") String index,
            @Doc("The file, within the folder, that stands for what is not there: index.html for an application of one page; 404 when absent.") Optional<Path> fallback,
            @Range(from = "0s", to = "365d") @Default("0s") @Doc("How long caches may keep a file without asking again (Cache-Control: max-age).") Duration maxAge) {}

    @Doc("One fixed answer.")
    public record Respond(
            @Range(from = "200", to = "599") @Default("200") @Doc("Its status.") int status,
            @Written(Form.TEXT) @Default("") @Doc("Its body.") String body,
            @Written(Form.FIELD_VALUE) @Default("text/plain; charset=utf-8") @Doc("What its body is (Content-Type).") String type) {}

    @Doc("A service that gets a part of the requests, to try it out.")
    public record Canary(
            @Written(Form.NAME) @Doc("The service, or 'application'.") String service,
            @Doc("It gets requests with this header.") Optional<FieldMatch> header,
            @Doc("It gets requests with this cookie.") Optional<FieldMatch> cookie,
            @Default("0%") @Doc("It gets this share of the clients, always the same ones; those of a smaller share stay in a larger one.") Share share,
            @Default("address") @Doc("What tells clients apart for the share.") By by) {

        /** What tells clients apart. */
        public enum By {
            @Doc("The client's address.")
            ADDRESS,
            @Doc("Who calls, as the route's callers say; the address when they do not.")
            IDENTITY,
            @Doc("A cookie, banyan-bucket, that Banyan gives each client.")
            COOKIE
        }
    }

    @Doc("A service that gets a copy of requests; a plain text is the service.")
    public record Mirror(
            @Plain @Written(Form.NAME) @Doc("The service, or 'application'.") String service,
            @Default("100%") @Doc("The share of the requests that it gets.") Share share) {}

    @Doc("Which path the service gets; the query stays.")
    @ExactlyOne({"prefix", "path"})
    public record Rewrite(
            @Written(Form.URL_PATH) @Doc("What stands in the place of the route's path: / takes it away.") Optional<String> prefix,
            @Written(Form.PATH_TEMPLATE) @Doc("The whole path, with {path}, {rest} (the path past the route's) and the path's own names in it.") Optional<Template> path) {}

    @Doc("What is changed in headers: first what is removed, then what is set, then what is added.")
    public record FieldRules(
            @KeyedBy(Form.FIELD_NAME) @Written(Form.FIELD_TEMPLATE) @Doc("Headers that are written whatever was there, with {client}, {host}, {path}, {request-id}, {identity} and the path's own names in the value.") Map<String, Template> set,
            @KeyedBy(Form.FIELD_NAME) @Written(Form.FIELD_TEMPLATE) @Doc("Headers that are written beside those that are there, the same in their values.") Map<String, Template> add,
            @Written(Form.FIELD_NAME) @Doc("Headers that are taken away.") List<String> remove) {

        public FieldRules {
            set = Map.copyOf(set);
            add = Map.copyOf(add);
            remove = List.copyOf(remove);
        }

        public boolean isEmpty() {
            return set.isEmpty() && add.isEmpty() && remove.isEmpty();
        }
    }

    @Doc("Which other sites' pages may use it from a browser (CORS); what the service itself says of that is replaced.")
    public record Cors(
            @Written(Form.ORIGIN) @Doc("The origins: https://app.example.com, https://*.example.com for all below, '*' for any.") List<String> origins,
            @Written(Form.METHOD) @Doc("The methods that are allowed beside GET, HEAD and POST.") List<String> methods,
            @Written(Form.FIELD_NAME) @Doc("The request headers that are allowed beside those always allowed.") List<String> headers,
            @Written(Form.FIELD_NAME) @Doc("The answer's headers that the page may read beside those it always may.") List<String> expose,
            @Default("false") @Doc("Whether cookies and the like are sent; not with origin '*'.") boolean credentials,
            @Range(from = "0s", to = "1d") @Default("10m") @Doc("How long a browser may keep what it was told.") Duration maxAge) {

        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
            expose = List.copyOf(expose);
        }
    }

    @Doc("How long parts of an exchange may take; as front-door.timeouts says when absent.")
    public record Timeouts(
            @Range(from = "1ms", to = "7d") @Doc("For a server to begin its answer.") Optional<Duration> response,
            @Range(from = "1ms", to = "7d") @Doc("Between two pieces of a body, either way.") Optional<Duration> body,
            @Range(from = "1ms", to = "7d") @Doc("Without a byte either way on an upgraded connection.") Optional<Duration> tunnel) {}
}
