package dev.banyan.http.gateway.callers;

/** A file or an answer that keys or users cannot be read from. The message says why and holds nothing of it that is secret. */
final class Unusable extends Exception {
    Unusable(String message) {
        super(message);
    }
}
