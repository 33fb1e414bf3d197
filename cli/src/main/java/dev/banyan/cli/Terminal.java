package dev.banyan.cli;

import java.io.PrintStream;
import java.io.PrintWriter;

/**
 * Where a verb prints: data on {@code out}, everything else on {@code err}.
 *
 * @param colours whether the reader sees colours: a terminal, NO_COLOR not set, TERM not dumb
 */
record Terminal(PrintStream out, PrintStream err, boolean colours) {
    static Terminal of(PrintStream out, PrintStream err) {
        boolean wanted = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(out, err, wanted && System.console() != null && System.console().isTerminal());
    }

    /** A line of data. */
    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** A line on how it goes. */
    void progress(String line) {
        err.println(line);
    }

    void problem(String sentence) {
        err.println(colour("31", "banyan: ") + sentence);
    }

    String bold(String text) {
        return colour("1", text);
    }

    String faint(String text) {
        return colour("2", text);
    }

    String green(String text) {
        return colour("32", text);
    }

    String red(String text) {
        return colour("31", text);
    }

    PrintWriter writer() {
        return new PrintWriter(out, true);
    }

    PrintWriter errorWriter() {
        return new PrintWriter(err, true);
    }

    private String colour(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
