package dev.banyan.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * How a message's body is delimited, read from its fields (RFC 9112 section 6). Where two readings are possible there is none: a message
 * that two programs could cut at different places is refused (request smuggling).
 */
public final class Framing {
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_DIGITS = 18;

    private long length;
    private boolean chunked;

    /** Reads a request's {@code Content-Length} and {@code Transfer-Encoding}; {@link HeadVerdict#WHOLE} or a fault. */
    public HeadVerdict read(Fields fields, int minorVersion) {
        return read(fields, minorVersion, false);
    }

    /**
     * The same of a response, where a coding that nobody here knows leaves one reading: all until the connection closes (RFC 9112 section 6.3, item 4). Nothing can
     * follow it, so nothing can be smuggled behind it.
     */
    public HeadVerdict readOfResponse(Fields fields, int minorVersion) {
        return read(fields, minorVersion, true);
    }

    private HeadVerdict read(Fields fields, int minorVersion, boolean response) {
        boolean unknown = false;
        length = -1;
        chunked = false;
        for (int i = 0; i < fields.count(); i++) {
            HeadVerdict verdict = switch (fields.name(i)) {
                case CONTENT_LENGTH -> length >= 0 ? HeadVerdict.SEVERAL_LENGTHS : readLength(fields, i);
                case TRANSFER_ENCODING -> readCoding(fields, i, minorVersion);
                default -> HeadVerdict.WHOLE;
            };
            boolean foreign = response && minorVersion == 1 && verdict != HeadVerdict.WHOLE && fields.name(i) == FieldName.TRANSFER_ENCODING && foreign(fields.value(i));
            unknown |= foreign;
            if (verdict.fault() && !foreign) {
                return verdict;
            }
        }
        if (unknown && (chunked || length >= 0)) {
            return HeadVerdict.BAD_TRANSFER_ENCODING;
        }
        return chunked && length >= 0 ? HeadVerdict.LENGTH_AND_CHUNKED : HeadVerdict.WHOLE;
    }

    private HeadVerdict readLength(Fields fields, int field) {
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        if (from == to || to - from > MOST_DIGITS) {
            return HeadVerdict.BAD_LENGTH;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            byte b = fields.bytes()[i];
            if (!Grammar.digit(b)) {
                return HeadVerdict.BAD_LENGTH;
            }
            value = value * 10 + b - '0';
        }
        length = value;
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict readCoding(Fields fields, int field, int minorVersion) {
        if (minorVersion == 0) {
            return HeadVerdict.CHUNKED_BEFORE_1_1;
        }
        if (fields.valueIs(field, CHUNKED)) {
            if (chunked) {
                return HeadVerdict.BAD_TRANSFER_ENCODING;
            }
            chunked = true;
            return HeadVerdict.WHOLE;
        }
        return wellFormed(fields, field) ? HeadVerdict.UNKNOWN_TRANSFER_ENCODING : HeadVerdict.BAD_TRANSFER_ENCODING;
    }

    /** Whether it is one token that cannot be taken for "chunked". */
    private static boolean foreign(String coding) {
        return coding.matches("[A-Za-z0-9-]+") && !coding.toLowerCase(Locale.ROOT).contains("chunk");
    }

    /** Whether it could be a coding that others know, as {@code gzip, chunked}; anything odd around "chunked" is an attack. */
    private static boolean wellFormed(Fields fields, int field) {
        String value = fields.value(field);
        return value.matches("(gzip|x-gzip|deflate|compress|x-compress|br|zstd)( *, *chunked)?");
    }

    /** The body's bytes, or -1 when there is no {@code Content-Length}. */
    public long length() {
        return length;
    }

    public boolean chunked() {
        return chunked;
    }
}
