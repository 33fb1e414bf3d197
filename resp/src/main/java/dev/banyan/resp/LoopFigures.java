package dev.banyan.resp;

/** What a loop counts. Written by its loop, read by any thread: a reader may see a count a moment late. */
final class LoopFigures {
    long commands;
    long declared;
    long nearHits;
    long failed;
    long missed;
    long leased;
    long split;
    long refused;
}
