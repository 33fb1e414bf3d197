package dev.banyan.topology.file;

import java.util.Locale;

/** Names in Java and in the file. */
final class Names {
    private Names() {}

    /** {@code frontDoor}, {@code FrontDoor} and {@code FRONT_DOOR} are {@code front-door}. */
    static String kebab(String name) {
        if (name.equals(name.toUpperCase(Locale.ROOT))) {
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The path of a key beneath a path; the root's is empty. */
    static String beneath(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
