package dev.banyan.topology.file;

import static dev.banyan.topology.file.ScalarKind.REAL;
import static dev.banyan.topology.file.ScalarKind.TEXT;
import static dev.banyan.topology.file.ScalarKind.TRUTH;
import static dev.banyan.topology.file.ScalarKind.WHOLE;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.Doc;
import dev.banyan.topology.Durations;
import dev.banyan.topology.FrontDoor.HashKey;
import dev.banyan.topology.FrontDoor.LoadBound;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.RateLimit;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Share;
import dev.banyan.topology.SiteName;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Template;
import dev.banyan.topology.Written.Form;
import dev.banyan.topology.file.ValueType.Choice;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The value types of the site file, by Java type or by the form a component names. */
final class ValueTypes {
    static final ValueType<Integer> NUMBER =
            ValueType.of("number", "a whole number", "digits only, at most 9 of them", "1", WHOLE, Integer::parseInt, String::valueOf).matching("-?[0-9]{1,9}");

    static final ValueType<Boolean> TRUTH_VALUE =
            ValueType.of("boolean", "true or false", "write one of the two", "true", TRUTH, text -> text.toLowerCase(Locale.ROOT).equals("true"), String::valueOf)
                    .matching("true|True|TRUE|false|False|FALSE");

    static final ValueType<Duration> DURATION =
            ValueType.of("duration", "a duration", "a whole number and ms, s, m, h or d, as 250ms or 10s", "10s", TEXT, Durations::parse, Durations::format)
                    .matching("[0-9]{1,9}(ms|s|m|h|d)");

    static final ValueType<ByteSize> SIZE =
            ValueType.of("size", "a size", "a whole number and B, KB, MB, GB, TB, KiB, MiB, GiB or TiB, as 64KiB", "64KiB", TEXT, ByteSize::parse, ByteSize::toString)
                    .matching("[0-9]{1,15}(B|[KMGT]B|[KMGT]iB)");

    static final ValueType<Share> SHARE =
            ValueType.of("share", "a share", "a number from 0 to 100 and %, as 50%", "50%", TEXT, Share::parse, Share::toString)
                    .matching("[0-9]{1,3}(\\.[0-9]{1,20})?%");

    static final ValueType<LoadBound> LOAD_BOUND =
            ValueType.of("load-bound", "a load bound", "0% for none, or over 100% up to 10000%, as 125%", "125%", TEXT, LoadBound::parse, LoadBound::toString)
                    .matching("[0-9]{1,5}(\\.[0-9]{1,20})?%");

    static final ValueType<HashKey> HASH_KEY =
            ValueType.of("hash-key", "a hash key", "ip, uri, 'header NAME' or 'cookie NAME'", "header X-User", TEXT, HashKey::parse, HashKey::toString)
                    .matching("ip|uri|(header|cookie) [!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

    static final ValueType<RateLimit.Key> LIMIT_KEY =
            ValueType.of("limit-key", "what a limit counts by", "address, caller, 'header NAME', 'claim NAME' or all", "header X-Tenant", TEXT, RateLimit.Key::parse, RateLimit.Key::toString)
                    .matching("address|caller|all|header [!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}|claim [!-~]{1,100}");

    static final ValueType<SiteName> SITE_NAME =
            ValueType.of("site-name", "a site's name", "1 to 63 lower-case letters, digits and inner hyphens, as photos", "photos", TEXT, SiteName::new, SiteName::value)
                    .matching("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final ValueType<PathPattern> PATH_PATTERN =
            ValueType.of("route-path", "a path of a URL", "from its slash on, {NAME} standing for any one segment, without ., .., empty segments, ; and a query, as /users/{id}", "/users/{id}", TEXT,
                            PathPattern::parse, PathPattern::toString)
                    .matching(PathPattern.FORM);

    static final ValueType<Path> PATH =
            ValueType.of("path", "a path", "a file or folder, as certificates/site.pem", "site.pem", TEXT, Path::of, Path::toString).matching("[^\\u0000]+");

    /** Any text, number or truth value as it is written: what an environment variable or a word of a command may be. */
    static final ValueType<String> WORD =
            ValueType.of("word", "a text", "numbers, true and false count as texts, \"\" is the empty one", "text", TEXT, text -> text, text -> text)
                    .kinds(TEXT, WHOLE, REAL, TRUTH)
                    .matching("[^\\u0000]*");

    /** A command as one line. */
    static final ValueType<CommandLine> COMMAND =
            ValueType.of("command", "a command", "a line for the shell, or a list of the program and its arguments, as [java, -jar, app.jar]", "./serve", TEXT,
                            CommandLine::shell, CommandLine::toString)
                    .matching("[^\\u0000]*[^\\u0000\\s][^\\u0000]*");

    static final ValueType<String> VARIABLE_NAME =
            ValueType.of("variable-name", "an environment variable's name", "letters, digits and _, not first a digit", "MODE", TEXT, text -> text, text -> text)
                    .matching("[A-Za-z_][A-Za-z0-9_]*");

    /** A line of text as it is written, numbers and truth values too. */
    private static final ValueType<String> LABEL =
            ValueType.of("label", "a line of text", "1 to 250 characters, numbers, true and false count as texts", "photos:write", TEXT, text -> text, text -> text)
                    .kinds(TEXT, WHOLE, REAL, TRUTH)
                    .matching("[^\\u0000-\\u001F\\u007F]{1,250}");

    /** What the site file's own things are called. */
    static final ValueType<String> NAME =
            ValueType.of("name", "a name", "1 to 63 lower-case letters, digits and inner hyphens, as web", "web", TEXT, text -> text, text -> text)
                    .matching("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final ValueType<String> FIELD_NAME =
            ValueType.of("header-name", "a name of a header or parameter", "1 to 100 letters, digits and !#$%&'*+-.^_`|~, as X-Request-Source", "X-Request-Source", TEXT, text -> text, text -> text)
                    .matching("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

    private static final String FIELD_VALUE = "[!-~]([ !-~]*[!-~])?";

    private static final String HOST = "([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])";

    /** PostgreSQL's identifiers, plain or in double quotes (its manual, 4.1.1). */
    private static final String SQL_NAME = "([A-Za-z_\\u0080-\\uFFFF][A-Za-z0-9_$\\u0080-\\uFFFF]{0,62}|\"[^\"\\u0000]{1,63}\")";

    private static final String HTTP_URL = "http://" + HOST + "(:[0-9]{1,5})?/?";

    private static final Map<Form, ValueType<?>> BY_FORM = Map.ofEntries(
            Map.entry(Form.LISTEN, listen("listen", "a port from 0 to 65535 for all interfaces, or HOST:PORT, as 8080 or 127.0.0.1:8080", HostPort.ALL_INTERFACES)),
            Map.entry(Form.LOCAL_LISTEN, listen("local-listen", "a port from 0 to 65535 for 127.0.0.1, or HOST:PORT, as 9900 or 0.0.0.0:9900", "127.0.0.1")),
            Map.entry(Form.HTTP_URL, ValueType.of("http-url", "a server's address", "http://HOST:PORT and no more, the port up to 65535, as http://127.0.0.1:3000", "http://127.0.0.1:3000", TEXT,
                            ValueTypes::httpUrl, at -> "http://" + at)
                    .matching(HTTP_URL)),
            Map.entry(Form.POSTGRESQL_URL, ValueType.of("postgresql-url", "a PostgreSQL address",
                            "postgresql://USER:PASSWORD@HOST:PORT/NAME, with %-codes for / : @ in the password, and commas between several HOST:PORT", "postgresql://photos@db.internal:5432/photos", TEXT,
                            Secret::new, Secret::reveal)
                    .matching("postgres(ql)?://([^\\s/@]+@)?" + HOST + "(:[0-9]{1,5})?(," + HOST + "(:[0-9]{1,5})?){0,31}/[^\\s/?#]+(\\?\\S*)?").asSecret()),
            Map.entry(Form.URL_PATH, ValueType.of("url-path", "a path of a URL", "from its slash on, without spaces, as /health", "/health", TEXT, text -> text, text -> text)
                    .matching("/[!\"$-~]*")),
            Map.entry(Form.CIDR, ValueType.of("addresses", "a range of addresses", "an address and the bits that count, as 10.0.0.0/8 or ::1/128", "10.0.0.0/8", TEXT,
                            Cidr::checked, text -> text)
                    .matching("[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?")),
            Map.entry(Form.COOKIE_NAME, ValueType.of("cookie-name", "a cookie's name", "1 to 100 letters, digits and !#$%&'*+-.^_`|~, as banyan", "banyan", TEXT,
                            text -> text, text -> text)
                    .matching("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")),
            Map.entry(Form.PARAMETER, ValueType.of("parameter", "a query's parameter", "1 to 100 characters as they stand in the URL, without & = # and spaces, a '*' only at the end, as utm_*", "utm_*", TEXT,
                            text -> text, text -> text)
                    .matching("[!\"$%'-)+-<>-~]{1,100}\\*?")),
            Map.entry(Form.QUERY_NAME, ValueType.of("query-name", "a parameter's name", "1 to 100 letters, digits and -._~, as api_key", "api_key", TEXT, text -> text, text -> text)
                    .matching("[A-Za-z0-9._~-]{1,100}")),
            Map.entry(Form.SHA256, ValueType.of("sha256", "a SHA-256", "64 hexadecimal digits, as 'printf %s KEY | sha256sum' writes them", "0123456789abcdef".repeat(4), TEXT,
                            text -> text.toLowerCase(Locale.ROOT), text -> text)
                    .kinds(TEXT, WHOLE, REAL)
                    .matching("[0-9A-Fa-f]{64}").asSecret()),
            Map.entry(Form.LABEL, LABEL),
            Map.entry(Form.SIGNATURE, ValueType.of("signature", "a signature algorithm", "one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, HS256, HS384, HS512", "ES256", TEXT,
                            text -> text, text -> text)
                    .matching("[RPEH]S(256|384|512)|EdDSA")),
            Map.entry(Form.KEYS_URL, ValueType.of("keys-url", "an address of keys", "https://HOST/PATH, or http:// for 127.0.0.1, [::1] and localhost: who can change the keys can be anyone", "https://login.example.com/keys", TEXT,
                            text -> text, text -> text)
                    .matching("(https://" + HOST + "|http://(localhost|127\\.[0-9.]{5,11}|\\[::1\\]))(:[0-9]{1,5})?(/[!\"$-~]*)?")),
            Map.entry(Form.COLLECTOR_URL, ValueType.of("collector-url", "a collector's address", "http://HOST:PORT or https://HOST:PORT, with a path where it has one, as http://127.0.0.1:4318; a token goes into headers", "http://127.0.0.1:4318", TEXT,
                            text -> text, text -> text)
                    .matching("https?://" + HOST + "(:[0-9]{1,5})?(/[!\"$->@-~]*)?")),
            Map.entry(Form.MEDIA_TYPE, ValueType.of("media-type", "a media type", "TYPE/SUBTYPE as text/html, or TYPE/* for all of a kind", "text/html", TEXT, text -> text, text -> text)
                    .matching("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}/[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")),
            Map.entry(Form.NAME, NAME),
            Map.entry(Form.HOST_PATTERN, ValueType.of("host-pattern", "a host", "a name as www.example.com, or *.example.com for all below it", "www.example.com", TEXT, text -> text, text -> text)
                    .matching("(\\*\\.)?[A-Za-z0-9._-]{1,250}")),
            Map.entry(Form.SQL_FUNCTION, ValueType.of("sql-function", "a function's name", "NAME or SCHEMA.NAME as SQL writes them, without parentheses, as reports.monthly_total", "reports.monthly_total", TEXT,
                            text -> text, text -> text)
                    .matching(SQL_NAME + "(\\." + SQL_NAME + ")?")),
            Map.entry(Form.SQL_TABLE, ValueType.of("sql-table", "a table's name", "NAME or SCHEMA.NAME as SQL writes them, as public.users", "public.users", TEXT, text -> text, text -> text)
                    .matching(SQL_NAME + "(\\." + SQL_NAME + ")?")),
            Map.entry(Form.SQL_COLUMN, ValueType.of("sql-column", "a column's name", "as SQL writes it, as like_count", "like_count", TEXT, text -> text, text -> text).matching(SQL_NAME)),
            Map.entry(Form.SQL_STATEMENT, ValueType.of("sql-statement", "a statement", "one statement of SQL, as SELECT title FROM photos WHERE id = $1::bigint", "SELECT title FROM photos WHERE id = $1::bigint",
                            TEXT, text -> text, text -> text)
                    .matching("[^\\u0000]*[^\\u0000\\s][^\\u0000]*")),
            Map.entry(Form.REDIS_URL, ValueType.of("redis-url", "a Redis address",
                            "redis://USER:PASSWORD@HOST:PORT with %-codes for / : @ in the password, rediss:// with TLS, redis-cluster://, redis-sentinel://HOST:PORT/NAME, and commas between several HOST:PORT",
                            "redis://cache.internal:6379", TEXT, Secret::new, Secret::reveal)
                    .matching("rediss?(-cluster|-sentinel)?://([^\\s/@]*@)?" + HOST + "(:[0-9]{1,5})?(," + HOST + "(:[0-9]{1,5})?){0,63}(/[^\\s/?#]*)?(\\?\\S*)?").asSecret()),
            Map.entry(Form.TEXT, WORD),
            Map.entry(Form.METHOD, ValueType.of("method", "a method", "as HTTP writes it, in capitals, as GET", "GET", TEXT, text -> text, text -> text).matching("[A-Z][A-Z-]{0,31}")),
            Map.entry(Form.FIELD_NAME, FIELD_NAME),
            Map.entry(Form.FIELD_VALUE, ValueType.of("header-value", "a header's value", "visible ASCII characters and spaces between them, as fast", "fast", TEXT, text -> text, text -> text)
                    .kinds(TEXT, WHOLE, REAL, TRUTH).matching(FIELD_VALUE)),
            Map.entry(Form.FIELD_TEMPLATE, ValueType.of("header-template", "a header's value", "visible ASCII characters and spaces between them, {client} and the like filled in, as 'for {client}'",
                            "for {client}", TEXT, Template::new, Template::text)
                    .kinds(TEXT, WHOLE, REAL, TRUTH).matching(FIELD_VALUE)),
            Map.entry(Form.LOCATION, ValueType.of("location", "a place to go to", "http:// or https:// and a host, or a path from its slash on, as https://{host}/new/{rest}", "https://{host}/new/{rest}", TEXT,
                            Template::new, Template::text)
                    .matching("(https?://[^/\\\\\\s]|\\{scheme\\}://[^/\\\\\\s]|/(?![/\\\\])|\\{path\\})[!-~]*")),
            Map.entry(Form.PATH_TEMPLATE, ValueType.of("path-template", "a path", "from its slash on, as /v2/users/{id}", "/v2/users/{id}", TEXT, Template::new, Template::text)
                    .matching("/[!\"$->@-\\[\\]-~]*")),
            Map.entry(Form.REGEX, ValueType.of("regex", "a regular expression", "as RE2 takes it: no lookaround, no back references, at most 500 characters, as [0-9]+", "[0-9]+", TEXT,
                            ValueTypes::regex, text -> text)
                    .kinds(TEXT, WHOLE, REAL, TRUTH).matching("[^\\u0000]{1,500}")),
            Map.entry(Form.ORIGIN, ValueType.of("origin", "an origin", "a scheme and a host, with a port where it is not the scheme's, as https://app.example.com, https://*.example.com or '*'", "https://app.example.com",
                            TEXT, text -> text, text -> text)
                    .matching("\\*|[a-z][a-z0-9+.-]{0,30}://(\\*\\.)?[a-z0-9]([a-z0-9._-]{0,250}[a-z0-9])?(:[1-9][0-9]{0,4})?")),
            Map.entry(Form.FILE_NAME, ValueType.of("file-name", "a file's name", "without a folder, as index.html", "index.html", TEXT, text -> text, text -> text)
                    .matching("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")),
            Map.entry(Form.KEY_PREFIX, ValueType.of("key-prefix", "a prefix of keys", "1 to 100 characters without spaces and braces, as 'user:'", "user:", TEXT, text -> text, text -> text)
                    .matching("[!-z|~]{1,100}")));

    private static final Map<Class<?>, ValueType<?>> BY_CLASS = Map.ofEntries(
            Map.entry(int.class, NUMBER),
            Map.entry(boolean.class, TRUTH_VALUE),
            Map.entry(Duration.class, DURATION),
            Map.entry(ByteSize.class, SIZE),
            Map.entry(Share.class, SHARE),
            Map.entry(LoadBound.class, LOAD_BOUND),
            Map.entry(HashKey.class, HASH_KEY),
            Map.entry(RateLimit.Key.class, LIMIT_KEY),
            Map.entry(SiteName.class, SITE_NAME),
            Map.entry(PathPattern.class, PATH_PATTERN),
            Map.entry(Instant.class, ValueType.of("time", "a time", "a day or a time of RFC 3339, as 2027-01-31 or 2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z", TEXT, ValueTypes::instant, Instant::toString)
                    .matching("[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}))?")),
            Map.entry(Stage.class, stage()),
            Map.entry(Path.class, PATH),
            Map.entry(Secret.class, ValueType.of("secret", "a text", "numbers, true and false count as texts, \"\" is the empty one", "text", TEXT, Secret::new, Secret::reveal)
                    .kinds(TEXT, WHOLE, REAL, TRUTH).matching("[^\\u0000]*").asSecret()));

    private ValueTypes() {}

    /** The type of a component; empty when it is no single value. */
    static Optional<ValueType<?>> of(Class<?> type, Optional<Form> form) {
        Optional<ValueType<?>> named = form.map(BY_FORM::get);
        if (named.isPresent()) {
            return named;
        }
        if (BY_CLASS.containsKey(type)) {
            return Optional.of(BY_CLASS.get(type));
        }
        return type.isEnum() ? Optional.of(choice(type)) : Optional.empty();
    }

    /** The type of a mapping's keys. */
    static ValueType<String> ofKeys(Form form) {
        if (form == Form.FIELD_NAME) {
            return FIELD_NAME;
        }
        throw new IllegalStateException("the site file has no mapping with keys of " + form);
    }

    private static String regex(String text) {
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException unfit) {
            throw new ValueType.Unfit("is no regular expression as RE2 takes it (no lookaround, no back references): " + unfit.getDescription());
        }
        return text;
    }

    private static ValueType<HostPort> listen(String name, String how, String usualHost) {
        return ValueType.of(name, "an address to listen at", how, "127.0.0.1:8080", TEXT, text -> HostPort.parse(text, usualHost), HostPort::toString)
                .kinds(TEXT, WHOLE)
                .matching("(" + HOST + "?:)?[0-9]{1,5}")
                .bounds("0", "65535");
    }

    private static HostPort httpUrl(String text) {
        if (text.startsWith("https://")) {
            throw new ValueType.Unfit("asks for TLS to a server, which is not built: write http://HOST:PORT, and front-door.tls for TLS to clients");
        }
        if (!text.matches(HTTP_URL)) {
            throw new IllegalArgumentException();
        }
        String address = text.substring("http://".length()).replace("/", "");
        boolean port = address.matches(".*:[0-9]{1,5}") && !address.endsWith("]");
        return HostPort.parse(port ? address : address + ":80", "");
    }

    /** A day begins with its first second in UTC. */
    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text.length() == 10 ? text + "T00:00:00Z" : text).toInstant();
        } catch (DateTimeParseException none) {
            throw new IllegalArgumentException(none);
        }
    }

    private static ValueType<Stage> stage() {
        List<Choice> choices = Arrays.stream(Stage.values()).map(stage -> new Choice(String.valueOf(stage.number()), doc(stage))).toList();
        return ValueType.of("stage", "a stage", "one of " + Stage.list(), "1", WHOLE, text -> Stage.of(Integer.parseInt(text)),
                        (Stage stage) -> String.valueOf(stage.number()))
                .choices(choices);
    }

    private static ValueType<?> choice(Class<?> type) {
        Map<String, Enum<?>> byText = Arrays.stream(type.getEnumConstants()).map(constant -> (Enum<?>) constant)
                .collect(Collectors.toMap(constant -> Names.kebab(constant.name()), Function.identity(), (a, _) -> a, LinkedHashMap::new));
        List<Choice> choices = byText.entrySet().stream().map(entry -> new Choice(entry.getKey(), doc(entry.getValue()))).toList();
        Function<String, Enum<?>> parse = text -> Optional.<Enum<?>>ofNullable(byText.get(text)).orElseThrow(IllegalArgumentException::new);
        return ValueType.of(name(type), "allowed here", "one of " + String.join(", ", byText.keySet()),
                byText.keySet().iterator().next(), TEXT, parse, (Enum<?> constant) -> Names.kebab(constant.name())).choices(choices);
    }

    /** With its owner's: two records may each have their own Kind. */
    private static String name(Class<?> type) {
        String own = Names.kebab(type.getSimpleName());
        return type.getEnclosingClass() == null ? own : Names.kebab(type.getEnclosingClass().getSimpleName()) + "-" + own;
    }

    private static String doc(Enum<?> constant) {
        try {
            Doc doc = constant.getDeclaringClass().getField(constant.name()).getAnnotation(Doc.class);
            return doc == null ? "" : doc.value();
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
