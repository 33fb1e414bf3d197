package dev.banyan.topology;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Numbers written in percent; reading back what was written gives the same number. */
final class Percent {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,20})?%");

    private Percent() {}

    /** 0.5 for {@code 50%}. */
    static double parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("a percentage is a number and %, as 50%, not '" + text + "'");
        }
        return new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2).doubleValue();
    }

    static String format(double of1) {
        return BigDecimal.valueOf(of1).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
