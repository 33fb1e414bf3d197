package dev.banyan.resp.wire;

import java.util.Locale;

/**
 * Where a command has keys (redis.io/docs/latest/develop/reference/key-specs).
 *
 * @param notKey that these are no keys, though they go to the node that a key of that name would: channels of a shard
 */
public record KeySpec(Begin begin, Find find, boolean notKey) {
    /** Where to begin to look. */
    public sealed interface Begin {
        /** At an argument, the name being 0. */
        record Index(int index) implements Begin {}

        /** Behind a word, looked for from an argument on; from the end backwards if that is negative. In capitals. */
        record Keyword(String word, int from) implements Begin {
            public Keyword {
                word = word.toUpperCase(Locale.ROOT);
            }
        }

        record Unknown() implements Begin {}
    }

    /** Which arguments they are from there on. */
    public sealed interface Find {
        /**
         * @param last from the first on; negative: from the command's end
         * @param step from a key to the next
         * @param limit with a negative last and 2 or more: only this fraction of the arguments that are left
         */
        record Range(int last, int step, int limit) implements Find {}

        /**
         * As many as an argument says.
         *
         * @param number which, from where the search began
         * @param first key, likewise
         * @param step from a key to the next
         */
        record Numbered(int number, int first, int step) implements Find {}

        record Unknown() implements Find {}
    }
}
