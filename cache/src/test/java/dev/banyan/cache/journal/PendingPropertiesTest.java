package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.journal.RowWrite.Effect;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Folding writes to a row, against a model of a row that takes them one by one: columns a, b, c that are 0, 10 and NULL by default. */
class PendingPropertiesTest {
    private static final Map<String, Optional<String>> DEFAULTS = Map.of("a", Optional.of("0"), "b", Optional.of("10"), "c", Optional.empty());

    /** What the database does with one write. */
    private static Optional<Map<String, Optional<String>>> apply(Optional<Map<String, Optional<String>>> row, Effect effect) {
        return switch (effect) {
            case Effect.Delete() -> Optional.empty();
            case Effect.Put(Map<String, Optional<String>> values) -> {
                Map<String, Optional<String>> after = new HashMap<>(row.orElse(DEFAULTS));
                after.putAll(values);
                yield Optional.of(after);
            }
            case Effect.Add(Map<String, Long> amounts) -> {
                Map<String, Optional<String>> after = new HashMap<>(row.orElse(DEFAULTS));
                amounts.forEach((column, amount) -> after.put(column, Optional.of(row.isEmpty() ? amount.toString() : sum(after.get(column), amount))));
                yield Optional.of(after);
            }
        };
    }

    /** What the database does with a fold, as {@link RowSql} says it. */
    private static Optional<Map<String, Optional<String>>> apply(Optional<Map<String, Optional<String>>> row, Pending fold) {
        if (!(fold instanceof Pending.Written(boolean anew, Map<String, Pending.Column> columns))) {
            return Optional.empty();
        }
        boolean inserted = anew || row.isEmpty();
        Map<String, Optional<String>> after = new HashMap<>(inserted ? DEFAULTS : row.get());
        columns.forEach((name, column) -> after.put(name, switch (column) {
            case Pending.Column.Set(Optional<String> value) -> value;
            case Pending.Column.SetPlus(String value, var amount) -> Optional.of(new BigDecimal(value).add(new BigDecimal(amount)).toPlainString());
            case Pending.Column.Plus(var amount, boolean first) -> Optional.of(inserted && first ? amount.toString() : sum(after.get(name), amount.longValueExact()));
        }));
        return Optional.of(after);
    }

    private static String sum(Optional<String> value, long amount) {
        return value.map(BigDecimal::new).orElse(BigDecimal.ZERO).add(BigDecimal.valueOf(amount)).toPlainString();
    }

    private static Pending fold(List<Effect> effects) {
        return effects.stream().map(Pending::of).reduce(Pending::then).orElseThrow();
    }

    @Property(tries = 5_000)
    void foldingAndThenApplyingIsApplyingOneByOne(@ForAll("effects") List<Effect> effects, @ForAll("rows") Optional<Map<String, Optional<String>>> row) {
        Optional<Map<String, Optional<String>>> expected = row;
        for (Effect effect : effects) {
            expected = apply(expected, effect);
        }
        assertThat(apply(row, fold(effects))).isEqualTo(expected);
    }

    @Property(tries = 2_000)
    void itDoesNotMatterWhereTheFoldIsCut(@ForAll("effects") List<Effect> effects, @ForAll("effects") List<Effect> more, @ForAll("effects") List<Effect> last) {
        Pending left = fold(effects).then(fold(more)).then(fold(last));
        Pending right = fold(effects).then(fold(more).then(fold(last)));
        assertThat(left).isEqualTo(right);
    }

    @Property(tries = 2_000)
    void whatReadersSeeOfARowThatIsThereIsWhatTheDatabaseWillHave(@ForAll("effects") List<Effect> all, @ForAll("rows") Optional<Map<String, Optional<String>>> row) {
        List<Effect> effects = all.stream().filter(effect -> !(effect instanceof Effect.Put(var values) && values.containsValue(Optional.of("1e2")))).toList();
        Assume.that(!effects.isEmpty()); // numbers that only PostgreSQL adds to are seen without what is added
        Optional<Map<String, Optional<String>>> database = row;
        for (Effect effect : effects) {
            database = apply(database, effect);
        }
        Optional<Map<String, Optional<String>>> seen = fold(effects).over(row);
        assertThat(seen.isPresent()).isEqualTo(database.isPresent());
        if (row.isPresent() && effects.stream().noneMatch(effect -> effect instanceof Effect.Delete)) {
            assertThat(seen).isEqualTo(database);
        }
    }

    @Provide
    Arbitrary<List<Effect>> effects() {
        Arbitrary<String> columns = Arbitraries.of("a", "b", "c");
        Arbitrary<Optional<String>> values = Arbitraries.of(Optional.<String>empty(), Optional.of("5"), Optional.of("-3"), Optional.of("2.50"), Optional.of("1e2"));
        Arbitrary<Effect> put = Arbitraries.maps(columns, values).ofMaxSize(3).map(Effect.Put::new);
        Arbitrary<Effect> add = Arbitraries.maps(columns, Arbitraries.longs().between(-100, 100)).ofMaxSize(3).map(Effect.Add::new);
        return Arbitraries.frequencyOf(Tuple.of(4, put), Tuple.of(4, add), Tuple.of(1, Arbitraries.just(new Effect.Delete()))).list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<Optional<Map<String, Optional<String>>>> rows() {
        return Arbitraries.of(Optional.empty(), Optional.of(Map.of("a", Optional.of("1"), "b", Optional.empty(), "c", Optional.of("7.25"))));
    }
}
