package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many requests may come in a time, counted for each of those they come from: a token bucket. */
@Doc("How many requests may come in a time, counted for each of those they come from; more get 429 with Retry-After.")
public record RateLimit(
        @Written(Form.NAME) @Doc("What clients are told it is called (RateLimit-Policy); after the route when absent.") Optional<String> name,
        @Range(from = "1", to = "1000000") @Doc("Requests that may come in that time.") int requests,
        @Range(from = "1s", to = "1d") @Default("1s") @Doc("The time.") Duration per,
        @Range(from = "1", to = "10000") @Doc("Requests that may come at once; as many as 'requests' when absent.") OptionalInt burst,
        @Default("address") @Doc("What is counted apart: 'address' (of IPv6 the first 64 bits), 'caller', 'header NAME', 'claim NAME' (of a token), or 'all' for one count; the address where a request has no such thing.") Key by,
        @Default("refuse") @Doc("What becomes of the others.") Exceeded exceeded,
        @Default("false") @Doc("One limit for all front doors, through the cache's Redis (stage 5); each its own otherwise.") boolean shared,
        @Default("50%") @Doc("With 'shared': the share of the burst by which all front doors together may exceed it; less means that a burst at one of them waits for Redis.") Share tolerance,
        @Range(from = "1KiB", to = "1GiB") @Default("4MiB") @Doc("Memory for what is counted apart, 56 bytes each; what finds no room is counted together with others.") ByteSize memory) {

    /** The requests that may come at once. */
    public int atOnce() {
        return burst.orElse(requests);
    }

    /** What becomes of requests that exceed a limit. */
    public enum Exceeded {
        @Doc("429 with Retry-After.")
        REFUSE,
        @Doc("The service gets them with the header X-Over-Limit, the limit's name: to try a limit out.")
        MARK
    }

    /**
     * What is counted apart: {@code address}, {@code caller}, {@code header NAME}, {@code claim NAME}, {@code all}.
     *
     * @param name of the header or claim; empty for the others
     */
    public record Key(Source source, String name) {
        private static final Pattern FORM = Pattern.compile("address|caller|all|(?:header ([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})|claim ([\\x21-\\x7e]{1,100}))");

        /** Where it is found. */
        public enum Source {
            ADDRESS,
            CALLER,
            HEADER,
            CLAIM,
            ALL
        }

        /** @throws IllegalArgumentException when the text is none of the five forms */
        public static Key parse(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException("a limit counts by 'address', 'caller', 'header NAME', 'claim NAME' or 'all', not '" + text + "'");
            }
            int space = text.indexOf(' ');
            Source source = Source.valueOf((space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT));
            return new Key(source, space < 0 ? "" : text.substring(space + 1));
        }

        /** As the site file writes it. */
        @Override
        public String toString() {
            return (source.name().toLowerCase(Locale.ROOT) + " " + name).strip();
        }
    }
}
