package dev.banyan.postgres.sql;

import java.util.List;
import java.util.Set;

/** Reads what stands between EXPLAIN and the statement that it explains. */
final class Explain {
    private static final Set<String> OFF = Set.of("false", "off");

    private Explain() {}

    /** Behind the options: where the explained statement begins. */
    static int options(List<Piece> pieces) {
        int at = 1;
        if (at + 1 < pieces.size() && pieces.get(1).mark('(') && option(pieces.get(2))) {
            while (at < pieces.size() && !pieces.get(at).mark(')')) {
                at++;
            }
            return at + 1;
        }
        while (at < pieces.size() && (analyze(pieces.get(at)) || pieces.get(at).word("verbose"))) {
            at++;
        }
        return at;
    }

    /** Whether ANALYZE is among the options; a value that is a literal counts as on, since readings know no literals. */
    static boolean analyzes(List<Piece> pieces, int behind) {
        boolean analyzes = false;
        for (int i = 1; i < Math.min(behind, pieces.size()); i++) {
            if (analyze(pieces.get(i)) && !(i + 1 < pieces.size() && pieces.get(i + 1).kind() == Token.WORD && OFF.contains(pieces.get(i + 1).text()))) {
                analyzes = true;
            }
        }
        return analyzes;
    }

    static String firstWord(List<Piece> pieces, int from) {
        for (int i = from; i < pieces.size(); i++) {
            if (!pieces.get(i).mark('(')) {
                return pieces.get(i).text();
            }
        }
        return "";
    }

    private static boolean analyze(Piece piece) {
        return piece.word("analyze") || piece.word("analyse") || piece.kind() == Token.QUOTED && piece.text().equals("analyze");
    }

    /** Options are words; a parenthesised query begins with one of these or another parenthesis. */
    private static boolean option(Piece piece) {
        return piece.name() && !(piece.kind() == Token.WORD && (piece.text().equals("select") || piece.text().equals("values") || piece.text().equals("with") || piece.text().equals("table")));
    }
}
