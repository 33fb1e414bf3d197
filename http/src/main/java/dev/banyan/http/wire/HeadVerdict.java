package dev.banyan.http.wire;

/** What reading a head came to: whole, not yet whole, or a fault with the status that a client gets for it (a server's fault is a 502). */
public enum HeadVerdict {
    WHOLE(0, "whole"),
    PARTIAL(0, "not yet whole"),
    BARE_LF(400, "a line ends with LF alone"),
    BARE_CR(400, "a CR stands alone"),
    BAD_START_LINE(400, "the first line is malformed"),
    BAD_METHOD(400, "the method is not a token of at most 32 characters"),
    BAD_TARGET(400, "the target is malformed"),
    BAD_VERSION(400, "the version is malformed"),
    UNKNOWN_VERSION(505, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here"),
    METHOD_NOT_SERVED(501, "this method is not served here"),
    BAD_NAME(400, "a header's name is malformed"),
    BAD_VALUE(400, "a header's value holds a control character"),
    FOLDED(400, "a header is folded over lines"),
    NO_HOST(400, "the Host header is missing"),
    SEVERAL_HOSTS(400, "there are several Host headers"),
    BAD_HOST(400, "the Host header is malformed"),
    HOST_CONFLICT(400, "the target and the Host header name different hosts"),
    BAD_LENGTH(400, "Content-Length is not one plain number"),
    SEVERAL_LENGTHS(400, "there are several Content-Length headers"),
    LENGTH_AND_CHUNKED(400, "both Content-Length and Transfer-Encoding are there"),
    BAD_TRANSFER_ENCODING(400, "Transfer-Encoding is not 'chunked' alone"),
    UNKNOWN_TRANSFER_ENCODING(501, "only the transfer coding 'chunked' is spoken here"),
    CHUNKED_BEFORE_1_1(400, "Transfer-Encoding came with HTTP/1.0"),
    BAD_CONNECTION(400, "Connection names a field that may not be removed"),
    BAD_EXPECTATION(417, "only '100-continue' can be expected"),
    BAD_PSEUDO_HEADER(400, "a pseudo-header is missing, unknown or there twice"),
    CONNECTION_FIELD(400, "a header of HTTP/1.1's connections came over HTTP/2"),
    TOO_LARGE(431, "the head is larger than front-door.limits.head"),
    TOO_MANY_FIELDS(431, "there are more headers than front-door.limits.headers"),
    BAD_STATUS(502, "the status is not three digits from 100 to 599"),
    BODY_TOO_LARGE(413, "the body is larger than front-door.limits.body");

    private final int status;
    private final String reason;

    HeadVerdict(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    public boolean fault() {
        return status != 0;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }
}
