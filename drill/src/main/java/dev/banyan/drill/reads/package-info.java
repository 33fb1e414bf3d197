/**
 * The read-your-writes check: many sessions at a PostgreSQL, each with a counter of its own, that write, read, and tell whenever they are shown
 * a past that they had left behind.
 *
 * <p>Start at {@link dev.banyan.drill.reads.ReadYourWritesCheck}. A {@code SessionRun} does one session's operations over {@code Link}s;
 * {@code Past} knows what it must never see less than; {@code Findings} counts for all.
 */
package dev.banyan.drill.reads;
