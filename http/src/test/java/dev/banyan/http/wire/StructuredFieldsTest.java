package dev.banyan.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.wire.StructuredFields.Bare;
import dev.banyan.http.wire.StructuredFields.Bool;
import dev.banyan.http.wire.StructuredFields.Bytes;
import dev.banyan.http.wire.StructuredFields.Date;
import dev.banyan.http.wire.StructuredFields.Decimal;
import dev.banyan.http.wire.StructuredFields.Display;
import dev.banyan.http.wire.StructuredFields.InnerList;
import dev.banyan.http.wire.StructuredFields.Int;
import dev.banyan.http.wire.StructuredFields.Item;
import dev.banyan.http.wire.StructuredFields.Member;
import dev.banyan.http.wire.StructuredFields.Text;
import dev.banyan.http.wire.StructuredFields.Token;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredFieldsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "42                     | 42",
        "` -0 `                 | 0",
        "-999999999999999       | -999999999999999",
        "4.50                   | 4.5",
        "1.000                  | 1.0",
        "-0.001                 | -0.001",
        "\"a \\\"b\\\" \\\\c\"  | \"a \\\"b\\\" \\\\c\"",
        "text/html              | text/html",
        "*a:b                   | *a:b",
        ":aGVsbG8=:             | :aGVsbG8=:",
        ":aGVsbG8:              | :aGVsbG8=:",
        "::                     | ::",
        "?1                     | ?1",
        "?0                     | ?0",
        "@1659578233            | @1659578233",
        "@-62135596800          | @-62135596800",
        "%\"f%c3%bc%c3%bc\"     | %\"f%c3%bc%c3%bc\"",
        "%\"100%25 %22\"        | %\"100%25 %22\"",
        "a;b;c=?1;d=?0; e=2;b=3 | a;b=3;c;d=?0;e=2",
    })
    void readsItems_andWritesThemAsTheyAreBestWritten(String text, String written) {
        HeadBuffer out = new HeadBuffer();
        StructuredWriter.member(StructuredFields.item(bytes(text), 0, bytes(text).length).orElseThrow(), out);
        assertThat(text(out)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "-", "--1", "1.", ".1", "1.2345", "1234567890123.1", "1234567890123456", "1,2", "\"", "\"a", "\"\\a\"", "\"\\", "\"\u00e4\"", "'a'", "1a", "a b", "(a)", "?", "?2", "?10",
        ":", ":a", ":_:", ":a b:", ":=aGVsbG8=:", "@", "@1.0", "@a", "%", "%a", "%\"", "%\"%\"", "%\"%C3%BC\"", "%\"%ff\"", "%\"%c3\"", "%\"\u00fc\"", "a;", "a;=1", "a;B", "a; ;b", "a;b=", "a;b= 1",
        "{}", "\u00e4", "\t1", "1\t", "a;b=(1)",
    })
    void whatIsNotWhollyInTheGrammarIsNoItem(String text) {
        assertThat(StructuredFields.item(bytes(text), 0, bytes(text).length)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``                            | ``",
        "`  `                          | ``",
        "a,b \t,\t c                   | a, b, c",
        "(a b);x, ( ) , (\"c\";y  1)   | (a b);x, (), (\"c\";y 1)",
    })
    void readsLists(String text, String written) {
        HeadBuffer out = new HeadBuffer();
        StructuredWriter.list(StructuredFields.list(bytes(text), 0, bytes(text).length).orElseThrow(), out);
        assertThat(text(out)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "a,", ",a", "a,,b", "a b", "(a", "(a,b)", "(a\tb)", "((a))", "(a)b", "a;b c"})
    void whatIsNotWhollyInTheGrammarIsNoList(String text) {
        assertThat(StructuredFields.list(bytes(text), 0, bytes(text).length)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``                      | ``",
        "a, b=?0, c; x=1, d=?1   | a, b=?0, c;x=1, d",
        "a=1, b=2, a=3           | a=3, b=2",
        "a=(1 2);p, *k=\"v\"     | a=(1 2);p, *k=\"v\"",
    })
    void readsDictionaries(String text, String written) {
        HeadBuffer out = new HeadBuffer();
        StructuredWriter.dictionary(StructuredFields.dictionary(bytes(text), 0, bytes(text).length).orElseThrow(), out);
        assertThat(text(out)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=1", "1=a", "a =1", "a= 1", "a=", "a=1,", "a=1 b=2", "=1", "a==1", "a;b=1=2"})
    void whatIsNotWhollyInTheGrammarIsNoDictionary(String text) {
        assertThat(StructuredFields.dictionary(bytes(text), 0, bytes(text).length)).isEmpty();
    }

    @Test
    void asManyMembersItemsAndParametersAsTheRfcWantsAreRead_andNoMore() {
        assertThat(StructuredFields.list(bytes("a" + ",a".repeat(1023)), 0, 2047)).isPresent();
        assertThat(StructuredFields.list(bytes("a" + ",a".repeat(1024)), 0, 2049)).isEmpty();
        byte[] inner = bytes("(" + "1 ".repeat(256) + ")");
        assertThat(StructuredFields.list(inner, 0, inner.length)).isPresent();
        byte[] more = bytes("(" + "1 ".repeat(257) + ")");
        assertThat(StructuredFields.list(more, 0, more.length)).isEmpty();
        assertThat(StructuredFields.item(bytes(parameters(256)), 0, parameters(256).length())).isPresent();
        assertThat(StructuredFields.item(bytes(parameters(257)), 0, parameters(257).length())).isEmpty();
        assertThat(StructuredFields.dictionary(bytes(keys(1024)), 0, keys(1024).length())).isPresent();
        assertThat(StructuredFields.dictionary(bytes(keys(1025)), 0, keys(1025).length())).isEmpty();
    }

    @Test
    void whatCannotBeWrittenCannotBeMade() {
        assertThatThrownBy(() -> new Int(1_000_000_000_000_000L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Decimal(new BigDecimal("1.2345"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Decimal(new BigDecimal("1000000000000.0"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Text("a\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Token("1a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Token("a\u0161")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bytes("a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Display("\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Item(new Int(1), Map.of("Key", new Int(1)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void anyTextIsReadOrRefused_andWhatIsReadReadsBackTheSame(@ForAll String text) {
        requireSame(text);
    }

    @Property
    void whatIsWrittenReadsBackTheSame(@ForAll("members") List<Member> members) {
        HeadBuffer out = new HeadBuffer();
        StructuredWriter.list(members, out);
        assertThat(StructuredFields.list(out.bytes(), 0, out.length())).contains(members);
    }

    @Property
    void aDictionaryThatIsWrittenReadsBackTheSame(@ForAll("dictionaries") Map<String, Member> members) {
        HeadBuffer out = new HeadBuffer();
        StructuredWriter.dictionary(members, out);
        assertThat(StructuredFields.dictionary(out.bytes(), 0, out.length())).contains(members);
    }

    @Provide
    static Arbitrary<List<Member>> members() {
        return member().list().ofMaxSize(5);
    }

    @Provide
    static Arbitrary<Map<String, Member>> dictionaries() {
        return Arbitraries.maps(key(), member()).ofMaxSize(5);
    }

    private static Arbitrary<Member> member() {
        Arbitrary<Item> item = Combinators.combine(bare(), Arbitraries.maps(key(), bare()).ofMaxSize(3)).as(Item::new);
        Arbitrary<Member> list = Combinators.combine(item.list().ofMaxSize(3), Arbitraries.maps(key(), bare()).ofMaxSize(3)).as(InnerList::new);
        return Arbitraries.oneOf(item.map(i -> (Member) i), list);
    }

    private static Arbitrary<String> key() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(4);
    }

    private static Arbitrary<Bare> bare() {
        Arbitrary<Long> whole = Arbitraries.longs().between(-999_999_999_999_999L, 999_999_999_999_999L);
        return Arbitraries.oneOf(
                whole.map(Int::new),
                whole.map(Date::new),
                Arbitraries.longs().between(-999_999_999_999L, 999_999_999_999L).map(n -> new Decimal(BigDecimal.valueOf(n * 10 + 1, 1))),
                Arbitraries.strings().withCharRange(' ', '~').map(Text::new),
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).map(Token::new),
                Arbitraries.strings().ascii().map(text -> Bytes.of(bytes(text))),
                Arbitraries.of(true, false).map(Bool::new),
                Arbitraries.strings().withCharRange('\u0000', '\u2fff').map(Display::new));
    }

    /** Whatever a text is read as, it is the same when it is written and read again. */
    static void requireSame(String text) {
        byte[] bytes = bytes(text);
        StructuredFields.item(bytes, 0, bytes.length).ifPresent(item -> {
            HeadBuffer out = new HeadBuffer();
            StructuredWriter.member(item, out);
            assertThat(StructuredFields.item(out.bytes(), 0, out.length())).map(StructuredFieldsTest::plain).contains(plain(item));
        });
        StructuredFields.list(bytes, 0, bytes.length).ifPresent(list -> {
            HeadBuffer out = new HeadBuffer();
            StructuredWriter.list(list, out);
            assertThat(StructuredFields.list(out.bytes(), 0, out.length()).orElseThrow()).hasSameSizeAs(list);
        });
        StructuredFields.dictionary(bytes, 0, bytes.length).ifPresent(dictionary -> {
            HeadBuffer out = new HeadBuffer();
            StructuredWriter.dictionary(dictionary, out);
            assertThat(StructuredFields.dictionary(out.bytes(), 0, out.length()).orElseThrow().keySet()).containsExactlyElementsOf(dictionary.keySet());
        });
    }

    /** Decimals lose the zeros at their end when they are written. */
    private static Object plain(Item item) {
        return item.value() instanceof Decimal(BigDecimal value) ? value.stripTrailingZeros() : item.value();
    }

    private static String parameters(int count) {
        StringBuilder text = new StringBuilder("a");
        for (int i = 0; i < count; i++) {
            text.append(";k").append(i);
        }
        return text.toString();
    }

    private static String keys(int count) {
        StringBuilder text = new StringBuilder("k0");
        for (int i = 1; i < count; i++) {
            text.append(",k").append(i);
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(HeadBuffer out) {
        return new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
    }
}
