package dev.banyan.http.cache;

import dev.banyan.http.wire.EntityTags;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HttpDate;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks the origin whether stored responses still hold, and brings them up to date with its answer (RFC 9111 sections 3.2 and 4.3). Owned by one IO loop. */
public final class Validation {
    /** As many tags as are sent; a URL with more variants asks by those made last. */
    private static final int MOST_TAGS = 16;
    private static final List<String> CONDITIONS = List.of("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range");

    private final Storing storing;
    private final HeadBuffer date = new HeadBuffer();

    /** @param storing that reads what it merges; of the same loop */
    public Validation(Storing storing) {
        this.storing = storing;
    }

    /**
     * Makes a request one for the response itself, whatever condition the client has: the cache answers that one ({@link Conditions}).
     *
     * @param whole whether it is to be the whole of it, whatever bytes the client asks for
     */
    public static void unconditional(FieldEdits request, boolean whole) {
        CONDITIONS.forEach(request::remove);
        if (whole) {
            request.remove("Range");
        }
    }

    /**
     * Makes a request one that asks whether what is stored still holds: {@code If-None-Match} with the tags of all variants (section 4.3.1), and
     * {@code If-Modified-Since} when the only one has a date. It asks for the whole response then.
     *
     * @param stored the URL's stored responses
     * @param chosen the one that the request would be answered with, -1 when none matches it
     * @return false when none can be asked about; then the request is one for the response itself
     */
    public boolean conditional(List<StoredHead> stored, int chosen, FieldEdits request) {
        boolean whole = chosen < 0 || stored.get(chosen).range().whole();
        unconditional(request, whole);
        String tags = tags(stored, chosen);
        if (!tags.isEmpty()) {
            request.set(new FieldLine("If-None-Match", tags));
        }
        boolean dated = chosen >= 0 && stored.get(chosen).lastModifiedMillis() >= 0;
        if (dated) {
            HttpDate.write(stored.get(chosen).lastModifiedMillis(), date.clear());
            request.set(new FieldLine("If-Modified-Since", new String(date.bytes(), 0, date.length(), StandardCharsets.US_ASCII)));
        }
        return dated || !tags.isEmpty();
    }

    /** The chosen one's first. Parts of a response are not asked about beside others: a 304 for one would say nothing of the bytes that miss. */
    private static String tags(List<StoredHead> stored, int chosen) {
        StringBuilder tags = new StringBuilder(chosen < 0 ? "" : stored.get(chosen).etag());
        int count = 1;
        for (int i = stored.size() - 1; i >= 0 && count < MOST_TAGS; i--) {
            StoredHead other = stored.get(i);
            boolean asked = i != chosen && other.range().whole() && !other.etag().isEmpty() && tags.indexOf(other.etag()) < 0;
            if (asked) {
                tags.append(tags.isEmpty() ? "" : ", ").append(other.etag());
                count++;
            }
        }
        return tags.toString();
    }

    /**
     * Which stored response a 304 says still holds (section 4.3.4): the one with its tag; when it has none the one with its date, or the one that was
     * asked about.
     *
     * @return empty when it is none of them: then nothing is updated, and the response itself must be asked for
     */
    public static OptionalInt confirmed(List<StoredHead> stored, int chosen, ResponseHead notModified, long nowMillis) {
        Fields fields = notModified.fields();
        int etag = fields.find(FieldName.ETAG);
        if (etag >= 0) {
            return withTag(stored, chosen, fields.value(etag));
        }
        int modified = fields.find(FieldName.LAST_MODIFIED);
        if (modified >= 0 && chosen >= 0 && stored.get(chosen).lastModifiedMillis() >= 0) {
            long date = HttpDate.read(fields.bytes(), fields.valueStart(modified), fields.valueEnd(modified), nowMillis);
            return date == stored.get(chosen).lastModifiedMillis() ? OptionalInt.of(chosen) : OptionalInt.empty();
        }
        int only = chosen >= 0 ? chosen : stored.size() - 1;
        return chosen >= 0 || stored.size() == 1 ? OptionalInt.of(only) : OptionalInt.empty();
    }

    private static OptionalInt withTag(List<StoredHead> stored, int chosen, String tag) {
        boolean strong = EntityTags.strong(tag);
        int found = chosen >= 0 && same(stored.get(chosen).etag(), tag, strong) ? chosen : -1;
        for (int i = 0; i < stored.size() && found != chosen || i < stored.size() && found < 0; i++) {
            boolean later = found < 0 || stored.get(i).dateMillis() > stored.get(found).dateMillis();
            if (same(stored.get(i).etag(), tag, strong) && later) {
                found = i;
            }
        }
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
    }

    private static boolean same(String stored, String tag, boolean strong) {
        return strong ? EntityTags.sameStrongly(stored, tag) : EntityTags.sameWeakly(stored, tag);
    }

    /**
     * The stored response with the 304's fields in place of its own and its age begun anew (section 3.2). What the stored content depends upon stays:
     * its length, coding, range and digests. It answers requests like this one now: when it is another variant's than the one that was asked about, it is
     * stored beside it, with the same content.
     *
     * @param requestedMillis when the validation was sent
     * @param receivedMillis when its answer had come
     */
    public StoredHead merge(RequestRules request, StoredHead stored, ResponseHead notModified, long requestedMillis, long receivedMillis) {
        return storing.update(request, stored, notModified, requestedMillis, receivedMillis);
    }

    /**
     * What a 200 to HEAD says of a stored response to GET (section 4.3.5): brought up to date when its validators and its length are the same.
     *
     * @param length of the stored content, -1 when it is not known
     * @return empty when the stored one is outdated: it may be used no more without validation ({@link StoredHead#stale})
     */
    public Optional<StoredHead> freshen(RequestRules request, StoredHead stored, long length, ResponseHead head, long requestedMillis, long receivedMillis) {
        Fields fields = head.fields();
        int etag = fields.find(FieldName.ETAG);
        int modified = fields.find(FieldName.LAST_MODIFIED);
        boolean sameTag = etag < 0 || fields.value(etag).equals(stored.etag());
        boolean sameDate = modified < 0
                || HttpDate.read(fields.bytes(), fields.valueStart(modified), fields.valueEnd(modified), receivedMillis) == stored.lastModifiedMillis();
        boolean sameLength = head.contentLength() < 0 || length < 0 || head.contentLength() == length;
        boolean same = head.status() == stored.status() && sameTag && sameDate && sameLength;
        return same ? Optional.of(storing.update(request, stored, head, requestedMillis, receivedMillis)) : Optional.empty();
    }
}
