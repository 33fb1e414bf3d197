package dev.banyan.sim;

/** Bodies that tell whose they are: any byte out of place shows. */
final class Content {
    private Content() {}

    /** The body of the answer to request {@code id}. */
    static String answer(int id, int length) {
        return repeat("a" + id + ".", length);
    }

    /** The body of request {@code id}. */
    static String question(int id, int length) {
        return repeat("q" + id + ".", length);
    }

    private static String repeat(String piece, int length) {
        return piece.repeat(length / piece.length() + 1).substring(0, length);
    }
}
