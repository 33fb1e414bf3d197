package dev.banyan.topology.file;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A type of value that is written as one text or number: how it is read and written, and what the schema, the reference page and messages say
 * of it.
 *
 * @param name its name in the schema and on the reference page
 * @param what with an article, for "'x' is not ..."
 * @param how how it is written, with an example
 * @param example a text that is right
 * @param kinds what YAML may take its text for
 * @param pattern a regular expression for the whole text, the same in Java and ECMAScript; for the schema, and checked by the reader too
 * @param choices all texts that are allowed, when there are few
 * @param from the least value, when there is one
 * @param to the greatest value, when there is one
 * @param secret whether its value is never shown
 * @param parse the value of a text; {@link IllegalArgumentException} when it is none, whose message is not used: it may hold the text.
 *     {@link Unfit} when there is more to say
 */
record ValueType<T>(
        String name,
        String what,
        String how,
        String example,
        Set<ScalarKind> kinds,
        Optional<Pattern> pattern,
        List<Choice> choices,
        Optional<String> from,
        Optional<String> to,
        boolean secret,
        Function<String, T> parse,
        Function<T, String> write) {

    /** One of few texts that are allowed, and what it means. */
    record Choice(String text, String doc) {}

    /** A text does not fit; the message is a whole sentence and does not hold the text. */
    static final class Unfit extends IllegalArgumentException {
        Unfit(String message) {
            super(message);
        }
    }

    static <T> ValueType<T> of(String name, String what, String how, String example, ScalarKind kind, Function<String, T> parse, Function<T, String> write) {
        return new ValueType<>(
                name, what, how, example, Set.of(kind), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), false, parse, write);
    }

    ValueType<T> matching(String regex) {
        return new ValueType<>(name, what, how, example, kinds, Optional.of(Pattern.compile(regex)), choices, from, to, secret, parse, write);
    }

    ValueType<T> kinds(ScalarKind... some) {
        return new ValueType<>(name, what, how, example, Set.of(some), pattern, choices, from, to, secret, parse, write);
    }

    ValueType<T> choices(List<Choice> some) {
        return new ValueType<>(name, what, how, example, kinds, pattern, List.copyOf(some), from, to, secret, parse, write);
    }

    ValueType<T> asSecret() {
        return new ValueType<>(name, what, how, example, kinds, pattern, choices, from, to, true, parse, write);
    }

    /** The same within bounds, both allowed; empty is unbounded. The values must be comparable. */
    ValueType<T> within(String least, String most) {
        Function<String, T> bounded = text -> {
            T value = read(text);
            if (!least.isEmpty() && compare(value, parse.apply(least)) < 0 || !most.isEmpty() && compare(value, parse.apply(most)) > 0) {
                throw new Unfit("is out of range: " + (most.isEmpty() ? "at least " + least : "from " + least + " to " + most));
            }
            return value;
        };
        ValueType<T> within = new ValueType<>(name, what, how, example, kinds, pattern, choices, some(least), some(most), secret, bounded, write);
        return within.fits(example) ? within : within.showing(least.isEmpty() ? most : least);
    }

    private ValueType<T> showing(String other) {
        return new ValueType<>(name, what, how, other, kinds, pattern, choices, from, to, secret, parse, write);
    }

    /** The same, saying that its number is within bounds that its own parsing keeps. */
    ValueType<T> bounds(String least, String most) {
        return new ValueType<>(name, what, how, example, kinds, pattern, choices, some(least), some(most), secret, parse, write);
    }

    private static Optional<String> some(String bound) {
        return Optional.of(bound).filter(text -> !text.isEmpty());
    }

    @SuppressWarnings("unchecked")
    private static <T> int compare(T a, T b) {
        return ((Comparable<T>) a).compareTo(b);
    }

    /** {@code a size: a whole number and B, ...}, or the choices. */
    String needed() {
        return (choices.isEmpty() ? what + ": " : "") + how;
    }

    /** @throws IllegalArgumentException when the text is none; only an {@link Unfit}'s message may be shown */
    T read(String text) {
        T value = parse.apply(text);
        if (pattern.isPresent() && !pattern.get().matcher(text).matches()) {
            throw new IllegalArgumentException();
        }
        return value;
    }

    boolean fits(String text) {
        try {
            read(text);
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    /** As the file would write it. */
    @SuppressWarnings("unchecked")
    String written(Object value) {
        return write.apply((T) value);
    }
}
