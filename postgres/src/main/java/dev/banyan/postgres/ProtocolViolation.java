package dev.banyan.postgres;

/** A client sent what no client may send: it is told so, and its connection closes. */
final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProtocolViolation(String what) {
        super(what, null, false, false);
    }
}
