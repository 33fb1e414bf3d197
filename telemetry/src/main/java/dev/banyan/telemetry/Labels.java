package dev.banyan.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The labels of a series, sorted by name. Values come from a small known set (a server's name, a status class, a route's template), never
 * from a request: a family takes {@link Registry#MOST_SERIES} series.
 */
public record Labels(List<Label> all) {
    /** No labels: the family has one series. */
    public static final Labels NONE = new Labels(List.of());

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    public Labels {
        all = all.stream().sorted(Comparator.comparing(Label::name)).toList();
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).name().equals(all.get(i - 1).name())) {
                throw new IllegalArgumentException("label " + all.get(i).name() + " is given twice");
            }
        }
    }

    /** From names and values in turn: {@code of("server", "web-1", "class", "2xx")}. */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("labels come as names and values in turn, not " + namesAndValues.length + " strings");
        }
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            labels.add(new Label(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Labels(labels);
    }

    public Optional<String> value(String name) {
        return all.stream().filter(label -> label.name().equals(name)).map(Label::value).findFirst();
    }

    /** Whether each of the given labels is among these, with the same value. */
    public boolean contains(Labels some) {
        return all.containsAll(some.all);
    }

    List<String> names() {
        return all.stream().map(Label::name).toList();
    }

    /** The same names, each with this value. */
    Labels allValued(String value) {
        return new Labels(all.stream().map(label -> new Label(label.name(), value)).toList());
    }

    @Override
    public String toString() {
        return all.toString();
    }

    /** A label's name and value. */
    public record Label(String name, String value) {
        public Label {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a label's name is letters, digits and underscores, not '" + name + "'");
            }
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }
}
