/**
 * Write-behind: a journal on disk, and what takes its writes to the database, in order for each key and once in effect.
 *
 * <p>Start at {@code WriteBehindJournal}.
 */
package dev.banyan.cache.journal;
