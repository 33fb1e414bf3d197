package dev.banyan.cache.journal;

/**
 * A write that is on disk.
 *
 * @param sequence its number; the journal's first write has 1, each one after it the next
 */
public record Appended(long sequence) {}
