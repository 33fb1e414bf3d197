package dev.banyan.topology.file;

import java.util.List;

/** A YAML document with the place of everything in it. Aliases are gone: they share the tree they stand for. */
sealed interface Tree {
    At at();

    /** How many nodes it has, aliases written out. */
    int size();

    /** What it is, for a message. */
    default String noun() {
        return switch (this) {
            case Scalar scalar -> scalar.kind().noun();
            case Items _ -> "a list";
            case Entries _ -> "a mapping";
        };
    }

    /**
     * @param plain whether it is written without quotes, so that YAML takes 1 for a number
     * @param end just behind its last character
     */
    record Scalar(String text, boolean plain, At at, At end) implements Tree {
        @Override
        public int size() {
            return 1;
        }

        ScalarKind kind() {
            return plain ? ScalarKind.ofPlain(text) : ScalarKind.TEXT;
        }
    }

    record Items(List<Tree> items, At at, int size) implements Tree {}

    record Entries(List<Entry> entries, At at, int size) implements Tree {
        static Entries none(At at) {
            return new Entries(List.of(), at, 1);
        }
    }

    record Entry(Scalar key, Tree value) {}
}
