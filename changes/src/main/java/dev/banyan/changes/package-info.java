/**
 * What was committed to the database, from its own log, in the order of the commits: logical decoding with PostgreSQL's {@code pgoutput}.
 *
 * <p>Start at {@code ChangeFeed}.
 */
package dev.banyan.changes;
