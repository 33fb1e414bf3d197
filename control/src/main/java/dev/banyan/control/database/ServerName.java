package dev.banyan.control.database;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** How database servers are called: {@code db-1}, {@code db-2}, and so on. */
final class ServerName {
    private static final String PREFIX = "db-";

    private ServerName() {}

    static String of(int number) {
        return PREFIX + number;
    }

    /** 0 for what is no such name. */
    static int number(String name) {
        return name.matches(PREFIX + "[1-9][0-9]{0,8}") ? Integer.parseInt(name.substring(PREFIX.length())) : 0;
    }

    /** By their numbers, each once. */
    static List<String> sorted(Collection<String> names) {
        return names.stream().distinct().sorted(Comparator.comparingInt(ServerName::number).thenComparing(Comparator.naturalOrder())).toList();
    }
}
