package dev.banyan.cache.journal;

import java.time.Duration;

/**
 * How much the journal holds.
 *
 * @param bytes on disk, of writes the database does not have
 * @param writes that the database does not have
 * @param rows that these change
 * @param lag since when the oldest of them is on disk; zero when there is none
 * @param appended writes put on disk since it was opened
 * @param applied writes the database got since then, those it refused included
 * @param deadLetters rows since then whose writes it refused
 * @param settled whether it is known which writes of an earlier run the database has
 */
public record Figures(long bytes, long writes, long rows, Duration lag, long appended, long applied, long deadLetters, boolean settled) {}
