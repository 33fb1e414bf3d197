package dev.banyan.http.cache;

import dev.banyan.http.cache.StoredHead.Part;
import dev.banyan.http.wire.EntityTags;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import java.util.Optional;

/** Parts of one representation that came at different times, put together (RFC 9111 section 3.4, RFC 9110 section 15.3.7.3). Pure. */
public final class Parts {
    private Parts() {}

    /** Whether parts may be of one representation: they share a strong tag, and say nothing different of its length. */
    public static boolean alike(StoredHead a, StoredHead b) {
        boolean lengths = a.range().length() < 0 || b.range().length() < 0 || a.range().length() == b.range().length();
        return EntityTags.sameStrongly(a.etag(), b.etag()) && lengths;
    }

    /**
     * What two parts are together.
     *
     * @return empty when bytes miss between them
     */
    public static Optional<Part> joined(Part a, Part b) {
        if (a.whole() || b.whole()) {
            return Optional.of(Part.WHOLE);
        }
        if (a.first() > b.end() || b.first() > a.end()) {
            return Optional.empty();
        }
        long first = Math.min(a.first(), b.first());
        long end = Math.max(a.end(), b.end());
        long length = Math.max(a.length(), b.length());
        return Optional.of(first == 0 && end == length ? Part.WHOLE : new Part(false, first, end, length));
    }

    /**
     * Makes a request one for the bytes behind a part that begins at the first one, so that both are the whole. Only for a part with a strong tag: without
     * one its rest cannot be told from another version's.
     *
     * @return false when the part is none such
     */
    public static boolean askForRest(StoredHead part, FieldEdits request) {
        boolean can = !part.range().whole() && part.range().first() == 0 && EntityTags.strong(part.etag());
        if (can) {
            Validation.unconditional(request, true);
            request.set(new FieldLine("Range", "bytes=" + part.range().end() + "-"));
            request.set(new FieldLine("If-Range", part.etag()));
        }
        return can;
    }
}
