package dev.banyan.topology;

import java.util.List;

/** A program and its arguments. */
public record CommandLine(List<String> words) {
    public CommandLine {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
    }

    /** A line for the shell, as a user would type it. */
    public static CommandLine shell(String line) {
        return new CommandLine(List.of("/bin/sh", "-c", line));
    }
}
