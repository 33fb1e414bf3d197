package dev.banyan.telemetry.logs;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a line says that it was written, in the forms that are met: Banyan's JSON, ISO 8601 with or without a zone, PostgreSQL's {@code %m}, Redis' {@code 22 Nov 2026
 * 14:08:51.123}, and what Java's, Python's and Go's loggers write. A time without a zone is of this machine's.
 */
final class LineTime {
    private static final int LOOKED_AT = 80;
    private static final List<String> MONTHS = List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    /** At the line's begin, behind a bracket or another short word, or as the first value of a JSON line. */
    private static final Pattern ISO = Pattern.compile(
            "^(?:\\{\"[@a-z_]{1,12}\":\\s?\"|[\\[(<]?(?:[A-Z]{1,8}[\\] :]\\s?\\[?)?)(\\d{4})[-/](\\d\\d)[-/](\\d\\d)[T ](\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{1,9}))?\\s?(Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)?");
    private static final Pattern REDIS = Pattern.compile("^\\d{1,8}:[A-Z] (\\d\\d) ([A-Z][a-z]{2}) (\\d{4}) (\\d\\d):(\\d\\d):(\\d\\d)\\.(\\d{3})");
    /** The common log format's. */
    private static final Pattern BRACKETS = Pattern.compile("\\[(\\d\\d)/([A-Z][a-z]{2})/(\\d{4}):(\\d\\d):(\\d\\d):(\\d\\d) ([+-]\\d{4})]");

    private LineTime() {}

    /** Null when the line says none. */
    static Instant of(byte[] bytes, int from, int to, ZoneId zone) {
        if (to - from < 19) {
            return null;
        }
        String head = new String(bytes, from, Math.min(to - from, LOOKED_AT), StandardCharsets.ISO_8859_1);
        try {
            Matcher iso = ISO.matcher(head);
            if (iso.find()) {
                return at(iso.group(1), number(iso.group(2)), iso.group(3), iso.group(4), iso.group(5), iso.group(6), iso.group(7), iso.group(8), zone);
            }
            Matcher redis = REDIS.matcher(head);
            if (redis.find()) {
                return at(redis.group(3), month(redis.group(2)), redis.group(1), redis.group(4), redis.group(5), redis.group(6), redis.group(7), null, zone);
            }
            Matcher common = BRACKETS.matcher(head);
            return common.find() ? at(common.group(3), month(common.group(2)), common.group(1), common.group(4), common.group(5), common.group(6), null, common.group(7), zone) : null;
        } catch (DateTimeException noSuchTime) {
            return null;
        }
    }

    private static Instant at(String year, int month, String day, String hour, String minute, String second, String fraction, String offset, ZoneId zone) {
        int nanos = fraction == null ? 0 : number((fraction + "00000000").substring(0, 9));
        LocalDateTime local = LocalDateTime.of(number(year), month, number(day), number(hour), number(minute), number(second), nanos);
        ZoneId said = offset == null ? zone : offset.length() < 4 ? ZoneOffset.UTC : ZoneOffset.of(offset);
        return local.atZone(said).toInstant();
    }

    private static int month(String name) {
        return MONTHS.indexOf(name) + 1;
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
