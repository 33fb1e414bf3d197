package dev.banyan.http;

import java.util.List;

/** Hears of requests that have changed something. */
public interface WriteListener {
    /**
     * What is stored of these URLs, wherever it is, is to be used no more (RFC 9111 section 4.4).
     *
     * @param urls as {@code https://host/path?query}, the request's own first. Called on an IO loop, so it must not block
     */
    void written(List<String> urls);
}
