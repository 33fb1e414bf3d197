package dev.banyan.drill;

import java.util.List;
import java.util.Optional;

/**
 * A whole answer.
 *
 * @param type the media type, without parameters and in lower case; empty when the server sent none
 * @param location the Location header; empty when there is none
 * @param servedBy the X-Served-By header, which instance answered; empty when there is none
 * @param cacheControl the Cache-Control header, in lower case; empty when there is none
 * @param from where it came from, by its Cache-Status header
 * @param cookies the values of its Set-Cookie headers, as they came
 * @param length bytes of the body
 * @param body the body when {@link Request.Body#KEEP} was asked for; else no bytes
 * @param sha256 the body's SHA-256 in hexadecimal digits when {@link Request.Body#HASH} was asked for
 */
record Answer(int status, String type, String location, String servedBy, String cacheControl, CacheStatus from, List<String> cookies, long length, byte[] body, Optional<String> sha256) {
    Answer {
        cookies = List.copyOf(cookies);
    }
}
