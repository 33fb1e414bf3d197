package dev.banyan.telemetry;

import java.util.ArrayList;
import java.util.List;

/**
 * One piece of work in a trace that is sampled: what, for whom, from when to when. Made only where a trace is recorded. Owned by one loop until
 * it is {@linkplain Tracer#end ended}; nothing is added to it after that.
 */
public final class Span {
    private static final int MOST_ATTRIBUTES = 24;
    private static final int LONGEST_TEXT = 512;

    /** Who does the work. */
    public enum Kind {
        /** Asked by another. */
        SERVER,
        /** Asks another. */
        CLIENT
    }

    /** @param value a text, or a Long */
    record Attribute(String name, Object value) {}

    final String service;
    final long traceHigh;
    final long traceLow;
    final long id;
    final long parent;
    final Kind kind;
    final long beganEpochNanos;
    final long beganNanos;
    final List<Attribute> attributes = new ArrayList<>(8);
    String name;
    String traceState = "";
    String failure;
    long endedEpochNanos;

    Span(String service, long traceHigh, long traceLow, long id, long parent, Kind kind, String name, long beganEpochNanos, long beganNanos) {
        this.service = service;
        this.traceHigh = traceHigh;
        this.traceLow = traceLow;
        this.id = id;
        this.parent = parent;
        this.kind = kind;
        this.name = name;
        this.beganEpochNanos = beganEpochNanos;
        this.beganNanos = beganNanos;
    }

    public long traceHigh() {
        return traceHigh;
    }

    public long traceLow() {
        return traceLow;
    }

    public long id() {
        return id;
    }

    /** 0 when it is the first of its trace. */
    public long parent() {
        return parent;
    }

    public Kind kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    /** The part of the site that did it. */
    public String service() {
        return service;
    }

    public String traceState() {
        return traceState;
    }

    /** What was said of it; "" when nothing was. */
    public String attribute(String named) {
        return attributes.stream().filter(attribute -> attribute.name().equals(named)).map(attribute -> attribute.value().toString()).findFirst().orElse("");
    }

    public boolean failed() {
        return failure != null;
    }

    /** How long it took, once it is over. */
    public long nanos() {
        return endedEpochNanos - beganEpochNanos;
    }

    /** From a bounded set: a method and a route's template, never a path. */
    public void rename(String better) {
        name = better;
    }

    /** What vendors passed along, as it came. */
    public void traceState(String state) {
        traceState = state;
    }

    /** Says something of it, by OpenTelemetry's name; nothing for an empty text, and no more than 24 of them. A longer text is cut at 512 characters. */
    public Span say(String attribute, String value) {
        if (!value.isEmpty() && attributes.size() < MOST_ATTRIBUTES) {
            attributes.add(new Attribute(attribute, value.length() > LONGEST_TEXT ? value.substring(0, LONGEST_TEXT) : value));
        }
        return this;
    }

    public Span say(String attribute, long value) {
        if (attributes.size() < MOST_ATTRIBUTES) {
            attributes.add(new Attribute(attribute, value));
        }
        return this;
    }

    /** It has failed. @param why in a few words, may be empty */
    public Span fail(String why) {
        failure = why;
        return this;
    }
}
