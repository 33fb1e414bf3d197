package dev.banyan.cache.journal;

/**
 * A write in the journal.
 *
 * @param bytes it takes on disk
 * @param millis when it was put there, since 1970
 */
record Logged(long sequence, RowWrite write, int bytes, long millis) {}
