package dev.banyan.http.cache;

import dev.banyan.http.cache.StoredHead.Source;
import dev.banyan.http.wire.CacheControl;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HttpDate;
import dev.banyan.http.wire.Lists;
import dev.banyan.http.wire.TargetedCacheControl;

/**
 * What a response says of its own reuse: its directives, those for caches of this kind before those for all (RFC 9213 section 2.2), its dates and its age.
 * Reused for each response. Owned by one IO loop.
 */
final class ResponseRules {
    private final CacheControl control = new CacheControl();
    private Source source;
    private long date;
    private long expires;
    private boolean hasExpires;
    private long lastModified;
    private long age;
    private boolean badAge;
    private int contentRange;
    private boolean setsCookie;

    /**
     * Reads a response's fields.
     *
     * @param nowMillis when they came
     */
    void read(Fields fields, long nowMillis) {
        begin();
        for (int i = 0; i < fields.count(); i++) {
            switch (fields.name(i)) {
                case DATE -> readDate(fields, i, nowMillis);
                case EXPIRES -> readExpires(fields, i, nowMillis);
                case LAST_MODIFIED -> lastModified = date(fields, i, nowMillis);
                case AGE -> readAge(fields, i);
                case CONTENT_RANGE -> contentRange = i;
                case SET_COOKIE -> setsCookie = true;
                default -> { }
            }
        }
        source = TargetedCacheControl.read(fields, FieldName.CDN_CACHE_CONTROL, control) ? Source.CDN_CACHE_CONTROL
                : TargetedCacheControl.readSurrogate(fields, control) ? Source.SURROGATE_CONTROL : Source.NOTHING;
        if (source == Source.NOTHING) {
            control.clear();
            for (int i = 0; i < fields.count(); i++) {
                if (fields.name(i) == FieldName.CACHE_CONTROL) {
                    control.read(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
                }
            }
        }
    }

    private void begin() {
        control.clear();
        date = HttpDate.NONE;
        expires = HttpDate.NONE;
        hasExpires = false;
        lastModified = HttpDate.NONE;
        age = -1;
        badAge = false;
        contentRange = -1;
        setsCookie = false;
    }

    private static long date(Fields fields, int field, long nowMillis) {
        return HttpDate.read(fields.bytes(), fields.valueStart(field), fields.valueEnd(field), nowMillis);
    }

    /** Of several the earliest counts; what is no date is none. */
    private void readDate(Fields fields, int field, long nowMillis) {
        long read = date(fields, field, nowMillis);
        date = date == HttpDate.NONE || read == HttpDate.NONE ? Math.max(date, read) : Math.min(date, read);
    }

    /** Of several the earliest counts; one that cannot be read is in the past (RFC 9111 sections 4.2.1 and 5.3). */
    private void readExpires(Fields fields, int field, long nowMillis) {
        long read = Math.max(0, date(fields, field, nowMillis));
        expires = hasExpires ? Math.min(expires, read) : read;
        hasExpires = true;
    }

    /** Takes the age from the message that brought a stored response up to date. */
    void readAges(Fields fields) {
        age = -1;
        badAge = false;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.AGE) {
                readAge(fields, i);
            }
        }
    }

    private void readAge(Fields fields, int field) {
        long read = Lists.seconds(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
        badAge |= read < 0 || age >= 0;
        age = Math.max(age, read);
    }

    /** The directives that count for this cache. */
    CacheControl control() {
        return control;
    }

    /** {@link Source#CDN_CACHE_CONTROL}, {@link Source#SURROGATE_CONTROL}, or {@link Source#NOTHING} when {@code Cache-Control} counts. */
    Source targeted() {
        return source;
    }

    /** In milliseconds since 1970; {@link HttpDate#NONE} when there is none that can be read. */
    long date() {
        return date;
    }

    long lastModified() {
        return lastModified;
    }

    /** In seconds; 0 when there is none. */
    long age() {
        return Math.max(0, age);
    }

    /**
     * Whether how old it is cannot be known. RFC 9111 section 5.1 would have an {@code Age} that is no number ignored and of a list the first taken; but
     * it means that a cache on the way is broken, and section 4.2.1 would have what cannot be understood of a response's freshness taken as stale, which
     * costs a validation and is always right.
     */
    boolean badAge() {
        return badAge;
    }

    /** The field's place, or -1. */
    int contentRange() {
        return contentRange;
    }

    boolean setsCookie() {
        return setsCookie;
    }

    /** How long it says it is fresh, in seconds, or -1 when it does not say (RFC 9111 section 4.2.1); and {@link #saidBy} what says so. */
    long lifetime(long receivedMillis) {
        if (source != Source.NOTHING) {
            return control.sMaxAge() != CacheControl.NONE ? control.sMaxAge() : control.maxAge();
        }
        if (control.sMaxAge() != CacheControl.NONE) {
            return control.sMaxAge();
        }
        if (control.maxAge() != CacheControl.NONE) {
            return control.maxAge();
        }
        long born = date == HttpDate.NONE ? receivedMillis : date;
        return hasExpires ? Math.clamp((expires - born) / 1000, 0, CacheControl.MOST_SECONDS) : -1;
    }

    /** What {@link #lifetime} was read from. */
    Source saidBy() {
        if (source != Source.NOTHING) {
            return source;
        }
        if (control.sMaxAge() != CacheControl.NONE) {
            return Source.S_MAXAGE;
        }
        return control.maxAge() != CacheControl.NONE ? Source.MAX_AGE : hasExpires ? Source.EXPIRES : Source.NOTHING;
    }
}
