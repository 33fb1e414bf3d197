/**
 * The site's logs as one: lines of all files of the logs folder, found by what they say, when, and whose they are. Files are read from their
 * ends, the newest lines of all first, until there are enough or a bound is reached.
 *
 * <p>Start at {@link dev.banyan.telemetry.logs.LogSearch}.
 */
package dev.banyan.telemetry.logs;
