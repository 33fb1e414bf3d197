package dev.banyan.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every text. */
class StatementPropertiesTest {
    private static final String[] TOKENS = {
        "select", "from", "where", "insert", "into", "update", "for", "with", "as", "(", ")", "(", ")", ",", ";", ".", "::", "set", "show", "explain", "analyze", "copy", "to", "stdout",
        "begin", "read", "only", "commit", "prepare", "declare", "do", "create", "temp", "table", "function", "atomic", "end", "case", "nextval", "lower", "set_config",
        "current_setting", "f", "'x'", "'", "\"q\"", "\"", "$$", "$a$", "$1", "1", "e'\\'", "u&\"x\"", "--", "/*", "*/", "\n", "+", "operator", "distinct", "on", "[", "]", "local", "true", "time", "zone", "interval", "\u0000", "é", "age", "in", "values"
    };

    @Property(tries = 5_000)
    void neverFails_whateverTheTokens(@ForAll("soups") String soup, @ForAll boolean standardStrings) {
        CachedStatementReader reader = Texts.reader(Catalogue.NONE);
        Statement first = Texts.read(reader, soup, standardStrings);
        assertThat(Texts.read(reader, soup, standardStrings)).isEqualTo(first);
        assertThat(first.whyNot().isEmpty()).isEqualTo(first.readsOnly());
    }

    @Property(tries = 2_000)
    void blanksCommentsAndCapitalsChangeNothing(@ForAll long seed) {
        Random random = new Random(seed);
        String[] tokens = random.ints(1 + random.nextInt(30), 0, TOKENS.length).mapToObj(i -> TOKENS[i]).filter(StatementPropertiesTest::whole).toArray(String[]::new);
        Statement plain = Texts.read(String.join(" ", tokens));
        StringBuilder other = new StringBuilder(" ");
        for (String token : tokens) {
            boolean exact = token.contains("'") || token.contains("\"") || token.contains("$");
            other.append(random.nextBoolean() && !exact ? token.toUpperCase(Locale.ROOT) : token);
            List<String> blanks = List.of(" ", "/* \" /* ' */ ; */", "\f ", "\t\r\n", " -- it's\n");
            other.append(blanks.get(random.nextInt(token.contains("'") ? 3 : 5))); // strings with a newline between are one
        }
        Statement disguised = Texts.read(other.toString());
        assertThat(disguised.fingerprint()).isEqualTo(plain.fingerprint());
        assertThat(shape(disguised)).isEqualTo(shape(plain));
    }

    /** Settings are shown as they were written, capitals too. */
    private static String shape(Statement s) {
        return new Statement(s.fingerprint(), s.verb(), s.count(), s.readsOnly(), s.whyNot(), s.pins(), List.of(), s.name(), s.begin(), s.transactionTime(), s.cursor(), s.hint()).toString();
    }

    private static boolean whole(String token) {
        return !List.of("'", "\"", "$$", "$a$", "e'\\'", "--", "/*", "*/", "\u0000", "\n", "é", "+").contains(token);
    }

    @Provide
    Arbitrary<String> soups() {
        Arbitrary<String> token = Arbitraries.of(TOKENS);
        return token.list().ofMinSize(0).ofMaxSize(60).flatMap(list -> Arbitraries.of(" ", "", "\n").map(between -> String.join(between, list)));
    }
}
