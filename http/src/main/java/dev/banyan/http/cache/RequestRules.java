package dev.banyan.http.cache;

import dev.banyan.http.wire.ByteRanges;
import dev.banyan.http.wire.CacheControl;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;

/** What a request asks of a cache (RFC 9111 section 5.2.1, RFC 9110 sections 13.1 and 14.2), read once from its head; reused for each request. Owned by one IO loop. */
public final class RequestRules {
    private static final byte[] NO_CACHE = HeadBuffer.ascii("no-cache");

    private final CacheControl control = new CacheControl();
    private final ByteRanges ranges = new ByteRanges();
    private RequestHead head;
    private boolean authorized;
    private boolean pragmaNoCache;
    private int ifModifiedSince;
    private int ifUnmodifiedSince;
    private int ifRange;
    private boolean rewritten;
    private boolean ifMatch;
    private boolean ifNoneMatch;

    /** Reads a request's head, which must stay as it is for as long as this is asked. */
    public void read(RequestHead newHead) {
        begin(newHead);
        Fields fields = newHead.fields();
        int range = -1;
        for (int i = 0; i < fields.count(); i++) {
            switch (fields.name(i)) {
                case CACHE_CONTROL -> control.read(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
                case PRAGMA -> pragmaNoCache |= fields.valueIs(i, NO_CACHE);
                case AUTHORIZATION -> authorized = true;
                case X_ORIGINAL_URL, X_REWRITE_URL, X_HTTP_METHOD, X_HTTP_METHOD_OVERRIDE, X_METHOD_OVERRIDE -> rewritten = true;
                case IF_MATCH -> ifMatch = true;
                case IF_NONE_MATCH -> ifNoneMatch = true;
                case IF_MODIFIED_SINCE -> ifModifiedSince = only(ifModifiedSince, i);
                case IF_UNMODIFIED_SINCE -> ifUnmodifiedSince = only(ifUnmodifiedSince, i);
                case IF_RANGE -> ifRange = only(ifRange, i);
                case RANGE -> range = only(range, i);
                default -> { }
            }
        }
        // RFC 9110 section 14.2: Range means something for GET only.
        if (range >= 0 && newHead.method() == Method.GET) {
            ranges.read(fields.bytes(), fields.valueStart(range), fields.valueEnd(range));
        }
    }

    private void begin(RequestHead newHead) {
        head = newHead;
        control.clear();
        ranges.clear();
        authorized = false;
        rewritten = false;
        pragmaNoCache = false;
        ifModifiedSince = -1;
        ifUnmodifiedSince = -1;
        ifRange = -1;
        ifMatch = false;
        ifNoneMatch = false;
    }

    /** The field's place; -2 when it came twice, which makes a singleton one that cannot be read. */
    private static int only(int before, int field) {
        return before == -1 ? field : -2;
    }

    public RequestHead head() {
        return head;
    }

    /**
     * Whether stored responses answer it: GET and HEAD without a body, an upgrade or a condition that is for the origin alone. {@link Reuse#missing} says
     * why not.
     */
    public boolean lookedUp() {
        return reads() && !head.hasBody() && head.upgrade() < 0 && !rewritten && !ifMatch && ifUnmodifiedSince == -1;
    }

    /** Whether its method is one that stored responses answer. */
    boolean reads() {
        return head.method() == Method.GET || head.method() == Method.HEAD;
    }

    /** Whether it carries {@code Authorization}: its answer is for its sender alone unless the answer says otherwise, so nobody should wait for it. */
    public boolean authorized() {
        return authorized;
    }

    /** Whether a field of it names another URL or method, which applications heed and no key holds. */
    boolean rewritten() {
        return rewritten;
    }

    /** Whether stored responses need validation for it; {@code Pragma} counts where there is no {@code Cache-Control} (RFC 9111 section 5.4). */
    public boolean noCache() {
        return control.noCache() || pragmaNoCache && !control.present();
    }

    /** Whether its answer must not be stored. */
    public boolean noStore() {
        return control.noStore();
    }

    /** Whether it must not go further than this cache. */
    public boolean onlyIfCached() {
        return control.onlyIfCached();
    }

    /** Its other directives. */
    public CacheControl control() {
        return control;
    }

    /** The ranges that it asks for; none when it asks for all. */
    public ByteRanges ranges() {
        return ranges;
    }

    public boolean ranged() {
        return ranges.asked() > 0;
    }

    /** Whether it has a condition of its own, {@code If-Range} not counted. */
    public boolean conditional() {
        return ifMatch || ifNoneMatch || ifModifiedSince != -1 || ifUnmodifiedSince != -1;
    }

    boolean ifMatch() {
        return ifMatch;
    }

    boolean ifNoneMatch() {
        return ifNoneMatch;
    }

    /** The field's place; -1 when there is none, -2 when there are several. */
    int ifModifiedSince() {
        return ifModifiedSince;
    }

    int ifUnmodifiedSince() {
        return ifUnmodifiedSince;
    }

    int ifRange() {
        return ifRange;
    }

    /** The first field of this name whose value is not empty; -1 when there is none. */
    int find(FieldName name) {
        Fields fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == name && fields.valueEnd(i) > fields.valueStart(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a field of the request has this name, in lower case. */
    static boolean named(Fields fields, int field, String lower) {
        int from = fields.nameStart(field);
        if (fields.nameEnd(field) - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (Grammar.lower(fields.bytes()[from + i]) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
