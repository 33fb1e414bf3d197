package dev.banyan.http.cache;

import dev.banyan.http.wire.ByteRanges;
import dev.banyan.http.wire.EntityTags;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HttpDate;
import dev.banyan.http.wire.Method;

/**
 * What a client gets of a response that answers it: all, parts, or that it has it already, by its own conditions and ranges (RFC 9110 sections 13.2.2 and
 * 14.2). Pure; allocates nothing.
 */
public final class Conditions {
    private Conditions() {}

    /** What a client is answered. */
    public enum Answer {
        /** The response as it is stored, with its own status. */
        WHOLE,
        /** 206 with the bytes of {@link RequestRules#ranges()}: one range, or several as multipart/byteranges ({@link Multipart}). */
        PARTIAL,
        /** 304: the client has it. */
        NOT_MODIFIED,
        /** 412: the client wants it only if it were another. */
        PRECONDITION_FAILED,
        /** 416: there are no such bytes. */
        NOT_SATISFIABLE
    }

    /**
     * What the client is answered.
     *
     * @param stored fresh, validated or allowed to be stale
     * @param length of the representation in bytes; -1 when it is not known yet, which leaves ranges that need it unanswered: all is sent
     * @param nowMillis in milliseconds since 1970
     */
    public static Answer of(RequestRules request, StoredHead stored, long length, long nowMillis) {
        boolean conditional = request.conditional() && stored.status() >= 200 && stored.status() < 300;
        Answer answer = conditional ? preconditions(request, stored, nowMillis) : Answer.WHOLE;
        boolean ranged = answer == Answer.WHOLE && request.ranged() && stored.status() == 200 && request.head().method() == Method.GET;
        return ranged && ifRangeHolds(request, stored, nowMillis) ? ranges(request.ranges(), stored, length) : answer;
    }

    /** Section 13.2.2, steps 1 to 4. */
    private static Answer preconditions(RequestRules request, StoredHead stored, long nowMillis) {
        if (request.ifMatch()) {
            if (!has(request, FieldName.IF_MATCH, stored.etag(), true)) {
                return Answer.PRECONDITION_FAILED;
            }
        } else if (request.ifUnmodifiedSince() >= 0) {
            long since = date(request, request.ifUnmodifiedSince(), nowMillis);
            if (since != HttpDate.NONE && stored.lastModifiedMillis() > since) {
                return Answer.PRECONDITION_FAILED;
            }
        }
        if (request.ifNoneMatch()) {
            return has(request, FieldName.IF_NONE_MATCH, stored.etag(), false) ? Answer.NOT_MODIFIED : Answer.WHOLE;
        }
        return request.ifModifiedSince() >= 0 && !modifiedSince(request, stored, nowMillis) ? Answer.NOT_MODIFIED : Answer.WHOLE;
    }

    /** RFC 9111 section 4.3.2: by Last-Modified, else by when the response was made. A date that cannot be read is no condition. */
    private static boolean modifiedSince(RequestRules request, StoredHead stored, long nowMillis) {
        long since = date(request, request.ifModifiedSince(), nowMillis);
        long modified = stored.lastModifiedMillis() >= 0 ? stored.lastModifiedMillis() : stored.dateMillis();
        return since == HttpDate.NONE || modified > since;
    }

    /** Section 13.1.5: the same tag, strongly; or the very date, when that date is one by which two versions cannot be confused. */
    private static boolean ifRangeHolds(RequestRules request, StoredHead stored, long nowMillis) {
        int field = request.ifRange();
        if (field == -1) {
            return true;
        }
        if (field < 0) {
            return false;
        }
        Fields fields = request.head().fields();
        long date = HttpDate.read(fields.bytes(), fields.valueStart(field), fields.valueEnd(field), nowMillis);
        if (date != HttpDate.NONE) {
            // Section 8.8.2.2: a date is strong when it is at least a second older than the response that carries it.
            return date == stored.lastModifiedMillis() && stored.dateMillis() - date >= 1000;
        }
        return EntityTags.same(fields.bytes(), fields.valueStart(field), fields.valueEnd(field), stored.etag(), true);
    }

    private static Answer ranges(ByteRanges ranges, StoredHead stored, long length) {
        StoredHead.Part part = stored.range();
        long whole = part.whole() ? length : part.length();
        if (whole < 0) {
            return unknown(ranges, part);
        }
        if (ranges.resolve(whole) == 0) {
            return Answer.NOT_SATISFIABLE;
        }
        return ranges.count() == 1 && ranges.first(0) == 0 && ranges.end(0) == whole && part.whole() && whole == 0 ? Answer.WHOLE : Answer.PARTIAL;
    }

    /** Of a representation whose length nobody knows a part can still be had that names both its ends. */
    private static Answer unknown(ByteRanges ranges, StoredHead.Part part) {
        boolean named = !part.whole() && ranges.asked() == 1 && ranges.askedFirst() >= 0 && ranges.askedLast() >= 0;
        return named && ranges.resolve(part.end()) == 1 ? Answer.PARTIAL : Answer.WHOLE;
    }

    private static boolean has(RequestRules request, FieldName name, String etag, boolean strongly) {
        Fields fields = request.head().fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == name && EntityTags.has(fields.bytes(), fields.valueStart(i), fields.valueEnd(i), etag, strongly)) {
                return true;
            }
        }
        return false;
    }

    private static long date(RequestRules request, int field, long nowMillis) {
        Fields fields = request.head().fields();
        return HttpDate.read(fields.bytes(), fields.valueStart(field), fields.valueEnd(field), nowMillis);
    }
}
