package dev.banyan.http.wire;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * HTTP's dates (RFC 9110 section 5.6.7): the one that is written, {@code Sun, 06 Nov 1994 08:49:37 GMT}, and the two obsolete ones that must still be
 * read, {@code Sunday, 06-Nov-94 08:49:37 GMT} and {@code Sun Nov  6 08:49:37 1994}. Reading the first and the last allocates nothing.
 *
 * <p>The name of the day is not compared with the date, and the case of letters does not count; nothing else is forgiven, since what cannot be read as
 * a date is taken as one in the past (RFC 9111 section 5.3), which is always safe.
 */
public final class HttpDate {
    /** What {@link #read} gives for what is no date. */
    public static final long NONE = -1;

    /** The bytes of the form that is written. */
    public static final int LENGTH = 29;

    private static final byte[] DAYS = HeadBuffer.ascii("MonTueWedThuFriSatSun");
    private static final byte[] LONG_DAYS = HeadBuffer.ascii("day, sday, nesday, rsday, day, urday, day, ");
    private static final int[] LONG_DAY_ENDS = {0, 5, 11, 19, 26, 31, 38, 43};
    private static final byte[] MONTHS = HeadBuffer.ascii("JanFebMarAprMayJunJulAugSepOctNovDec");
    private static final byte[] GMT = HeadBuffer.ascii(" GMT");
    private static final long DAY_SECONDS = 86_400;

    private HttpDate() {}

    /**
     * The time that {@code bytes[from, to)} names.
     *
     * @param nowMillis the time now, in milliseconds since 1970, by which a year of two digits is understood: it is at most 50 years ahead
     * @return milliseconds since 1970, or {@link #NONE} for what is no date and for times before 1970
     */
    public static long read(byte[] bytes, int from, int to, long nowMillis) {
        int length = to - from;
        int day = length < 24 ? -1 : index(DAYS, bytes, from);
        if (day < 0) {
            return NONE;
        }
        return switch (bytes[from + 3]) {
            case ',' -> length == LENGTH ? readUsual(bytes, from) : NONE;
            case ' ' -> length == 24 ? readAsctime(bytes, from) : NONE;
            default -> readRfc850(bytes, from, to, day, nowMillis);
        };
    }

    private static long readUsual(byte[] bytes, int from) {
        if (bytes[from + 4] != ' ' || bytes[from + 7] != ' ' || bytes[from + 11] != ' ' || bytes[from + 16] != ' ' || !is(GMT, bytes, from + 25)) {
            return NONE;
        }
        return millis(digits(bytes, from + 12, 4), index(MONTHS, bytes, from + 8), digits(bytes, from + 5, 2), clock(bytes, from + 17));
    }

    private static long readAsctime(byte[] bytes, int from) {
        if (bytes[from + 7] != ' ' || bytes[from + 10] != ' ' || bytes[from + 19] != ' ') {
            return NONE;
        }
        int day = bytes[from + 8] == ' ' ? digits(bytes, from + 9, 1) : digits(bytes, from + 8, 2);
        return millis(digits(bytes, from + 20, 4), index(MONTHS, bytes, from + 4), day, clock(bytes, from + 11));
    }

    private static long readRfc850(byte[] bytes, int from, int to, int day, long nowMillis) {
        int at = from + 3;
        for (int i = LONG_DAY_ENDS[day]; i < LONG_DAY_ENDS[day + 1]; i++, at++) {
            if (at == to || Grammar.lower(bytes[at]) != LONG_DAYS[i]) {
                return NONE;
            }
        }
        if (to - at != 22 || bytes[at + 2] != '-' || bytes[at + 6] != '-' || bytes[at + 9] != ' ' || !is(GMT, bytes, at + 18)) {
            return NONE;
        }
        int twoDigits = digits(bytes, at + 7, 2);
        int year = twoDigits < 0 ? -1 : fullYear(twoDigits, nowMillis);
        return millis(year, index(MONTHS, bytes, at + 3), digits(bytes, at, 2), clock(bytes, at + 10));
    }

    /** RFC 9110 section 5.6.7: what would be more than 50 years ahead is the most recent year of the past with those digits. */
    private static int fullYear(int twoDigits, long nowMillis) {
        int thisYear = LocalDate.ofEpochDay(nowMillis / 1000 / DAY_SECONDS).getYear();
        int year = thisYear - thisYear % 100 + twoDigits;
        if (year + 49 < thisYear) {
            year += 100;
        }
        return year - thisYear > 50 ? year - 100 : year;
    }

    /** The seconds of the day of {@code 08:49:37}, or -1; a leap second is the one before. */
    private static int clock(byte[] bytes, int at) {
        int hour = digits(bytes, at, 2);
        int minute = digits(bytes, at + 3, 2);
        int second = digits(bytes, at + 6, 2);
        boolean fits = bytes[at + 2] == ':' && bytes[at + 5] == ':' && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
        return fits ? hour * 3600 + minute * 60 + Math.min(second, 59) : -1;
    }

    private static long millis(int year, int month, int day, int secondOfDay) {
        if (year < 1970 || month < 0 || day < 1 || secondOfDay < 0 || day > days(year, month)) {
            return NONE;
        }
        return (daysSince1970(year, month, day) * DAY_SECONDS + secondOfDay) * 1000;
    }

    private static int days(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return switch (month) {
            case 1 -> leap ? 29 : 28;
            case 3, 5, 8, 10 -> 30;
            default -> 31;
        };
    }

    /** Counted in years that begin in March, so that the leap day is a year's last. */
    private static long daysSince1970(int year, int month, int day) {
        int marchYear = month < 2 ? year - 1 : year;
        int marchMonth = (month + 10) % 12;
        long dayOfYear = (153L * marchMonth + 2) / 5 + day - 1;
        return 365L * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468;
    }

    private static int digits(byte[] bytes, int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            if (!Grammar.digit(bytes[i])) {
                return -1;
            }
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /** Which of the names of three letters stands there, or -1. */
    private static int index(byte[] names, byte[] bytes, int at) {
        for (int i = 0; i < names.length; i += 3) {
            if (same(bytes[at], names[i]) && same(bytes[at + 1], names[i + 1]) && same(bytes[at + 2], names[i + 2])) {
                return i / 3;
            }
        }
        return -1;
    }

    private static boolean same(byte a, byte b) {
        return Grammar.lower(a) == Grammar.lower(b);
    }

    private static boolean is(byte[] text, byte[] bytes, int at) {
        for (int i = 0; i < text.length; i++) {
            if (!same(bytes[at + i], text[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a time in the usual form.
     *
     * @param millis since 1970, up to the year 9999
     */
    public static void write(long millis, HeadBuffer out) {
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
        out.put(DAYS, (time.getDayOfWeek().getValue() - 1) * 3, time.getDayOfWeek().getValue() * 3).put(',').put(' ');
        twoDigits(time.getDayOfMonth(), out).put(' ');
        out.put(MONTHS, (time.getMonthValue() - 1) * 3, time.getMonthValue() * 3).put(' ');
        twoDigits(time.getYear() % 100, twoDigits(time.getYear() / 100, out)).put(' ');
        twoDigits(time.getHour(), out).put(':');
        twoDigits(time.getMinute(), out).put(':');
        twoDigits(time.getSecond(), out).put(GMT);
    }

    private static HeadBuffer twoDigits(int value, HeadBuffer out) {
        return out.put((char) ('0' + value / 10)).put((char) ('0' + value % 10));
    }
}
