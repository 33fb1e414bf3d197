package dev.banyan.topology.file;

import dev.banyan.topology.file.Tree.Entries;
import dev.banyan.topology.file.Tree.Entry;
import dev.banyan.topology.file.Tree.Items;
import dev.banyan.topology.file.Tree.Scalar;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file's lines as messages may show them: values that are secret, or that no key of the site asked for, are stars; comments are gone.
 * Columns stay.
 */
final class SafeLines {
    private static final Pattern BREAK = Pattern.compile("\r\n|\r|\n");
    /** Line breaks to some and not to others: with them, places cannot be trusted. */
    private static final Pattern ODD_BREAK = Pattern.compile("[\u0085\u2028\u2029\uFEFF]");
    private static final Pattern KEY = Pattern.compile("([ -]*[A-Za-z0-9_-]{1,64}:)( .*)?");

    private final int[][] lines;
    private final int[] ends;

    private SafeLines(String yaml) {
        this.lines = BREAK.splitAsStream(yaml).map(line -> line.codePoints().toArray()).toArray(int[][]::new);
        this.ends = new int[lines.length];
    }

    static List<String> of(String yaml, Tree tree, Predicate<Scalar> mayShow) {
        if (ODD_BREAK.matcher(yaml).find()) {
            return List.of();
        }
        SafeLines safe = new SafeLines(yaml);
        safe.walk(tree, mayShow);
        return safe.text();
    }

    /** Of a file that is not YAML nothing is known: only keys are shown. */
    static List<String> ofBroken(String yaml) {
        return BREAK.splitAsStream(yaml).map(SafeLines::keyOnly).toList();
    }

    private static String keyOnly(String line) {
        Matcher key = KEY.matcher(line);
        return key.matches() ? key.group(1) + (key.group(2) == null ? "" : " ...") : "";
    }

    private void walk(Tree tree, Predicate<Scalar> mayShow) {
        switch (tree) {
            case Scalar scalar -> span(scalar, mayShow.test(scalar));
            case Items(List<Tree> items, _, _) -> items.forEach(item -> walk(item, mayShow));
            case Entries(List<Entry> entries, _, _) -> entries.forEach(entry -> {
                span(entry.key(), !Shown.holdsValue(entry.key().text()));
                walk(entry.value(), mayShow);
            });
        }
    }

    private void span(Scalar scalar, boolean open) {
        for (int line = scalar.at().line() - 1; line < Math.min(scalar.end().line(), lines.length); line++) {
            int from = line == scalar.at().line() - 1 ? scalar.at().column() - 1 : 0;
            int to = Math.min(lines[line].length, line == scalar.end().line() - 1 ? scalar.end().column() - 1 : Integer.MAX_VALUE);
            ends[line] = Math.max(ends[line], to);
            if (!open && from < to) {
                Arrays.fill(lines[line], from, to, '*');
            }
        }
    }

    private List<String> text() {
        String[] text = new String[lines.length];
        for (int i = 0; i < lines.length; i++) {
            int end = ends[i];
            while (end < lines[i].length && lines[i][end] != '#') {
                end++;
            }
            int[] shown = Arrays.stream(lines[i], 0, end).map(c -> Shown.printable(c) ? c : ' ').toArray();
            text[i] = new String(shown, 0, shown.length).stripTrailing();
        }
        return List.of(text);
    }
}
