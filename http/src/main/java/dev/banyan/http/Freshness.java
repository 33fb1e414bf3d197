package dev.banyan.http;

/**
 * What the front door knows of the database behind the application: how far its log is, and how far a reader must be able to see. A browser
 * carries the position from the answer of a write to its next request (see {@link FreshnessCookie}), so that a user sees what he has written
 * whichever application server answers. Called by IO loops for each request: must not block, and should not allocate.
 */
public interface Freshness {
    /** A position that is not behind any write whose commit was answered so far; 0 while every read sees everything, as without replicas. */
    long position();

    /**
     * From now on no read sees less than this position. It comes from a browser and may be made up: more than {@link #position} must count
     * as {@link #position}.
     */
    void require(long position);
}
