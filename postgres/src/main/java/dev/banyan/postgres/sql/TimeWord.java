package dev.banyan.postgres.sql;

/** The words in a string that PostgreSQL takes for a time that depends on when the transaction began (manual 8.5.1.4). */
final class TimeWord {
    /** The longest string that is looked into, quotes included: a date has no more. */
    private static final int LONGEST = 64;
    private static final String[] WORDS = {"now", "today", "tomorrow", "yesterday"};

    private TimeWord() {}

    static boolean in(byte[] bytes, int start, int stop) {
        if (stop - start > LONGEST) {
            return false;
        }
        for (int i = start + 3; i < stop; i++) {
            int b = bytes[i] | 0x20;
            if (b == 'w' || b == 'y') {
                for (String word : WORDS) {
                    if (endsAt(bytes, start, i, word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean endsAt(byte[] bytes, int start, int last, String word) {
        int first = last + 1 - word.length();
        if (first <= start) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[first + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
