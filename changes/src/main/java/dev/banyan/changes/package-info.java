/**
 * What was committed to the database, from its own log, in the order of the commits: logical decoding with PostgreSQL's {@code pgoutput}. Knows nothing of who
 * listens: the cache today, other keepers of copies later.
 *
 * <p>Start at {@link dev.banyan.changes.ChangeFeed}, then {@code Follower} (session after session), {@code Session} (one reading of the log) and
 * {@code Teller} (the listener's thread). {@code Verdict} decides whether there is a gap; {@code Publication} and {@code SlotCare} put into the database what is
 * needed; {@code Tending} looks after it. docs/changes.md says what all that does to a database.
 */
package dev.banyan.changes;
