package dev.banyan.cache.journal;

import dev.banyan.cache.journal.Pending.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** How columns fold. */
final class Folding {
    /** What Java and every PostgreSQL type of numbers read alike. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,1000}(\\.[0-9]{1,1000})?");

    private Folding() {}

    static Column then(Column before, Column later) {
        if (!(later instanceof Column.Plus(BigInteger amount, boolean _))) {
            return later;
        }
        return switch (before) {
            case null -> new Column.Plus(amount, false);
            case Column.Plus(BigInteger sum, boolean first) -> new Column.Plus(sum.add(amount), first);
            case Column.SetPlus(String value, BigInteger sum) -> new Column.SetPlus(value, sum.add(amount));
            case Column.Set(Optional<String> value) when value.isEmpty() -> new Column.Set(Optional.of(amount.toString()));
            case Column.Set(Optional<String> value) -> sum(value.get(), amount)
                    .<Column>map(sum -> new Column.Set(Optional.of(sum)))
                    .orElseGet(() -> new Column.SetPlus(value.get(), amount));
        };
    }

    /** What cannot be added to stays as it is: the database will refuse it. */
    static Optional<String> over(Optional<String> before, Column column) {
        return switch (column) {
            case Column.Set(Optional<String> value) -> value;
            case Column.SetPlus(String value, BigInteger amount) -> Optional.of(sum(value, amount).orElse(value));
            case Column.Plus(BigInteger amount, boolean _) -> Optional.of(before.map(value -> sum(value, amount).orElse(value)).orElseGet(amount::toString));
        };
    }

    private static Optional<String> sum(String value, BigInteger amount) {
        return NUMBER.matcher(value).matches() ? Optional.of(new BigDecimal(value).add(new BigDecimal(amount)).toPlainString()) : Optional.empty();
    }
}
