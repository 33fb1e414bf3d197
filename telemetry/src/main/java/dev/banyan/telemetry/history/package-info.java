/**
 * The last 24 hours of each series of figures, in one file of a fixed size. Every five seconds one {@link dev.banyan.telemetry.history.HistoryFile}
 * is given a value of each series; it keeps them for two hours as they came, and their mean and maximum of each minute for a day. Who asks
 * sees a {@link dev.banyan.telemetry.history.History}.
 *
 * <p>Pure but for the file: time is handed in. docs/history.md has the layout. Start at {@link dev.banyan.telemetry.history.HistoryFile}.
 */
package dev.banyan.telemetry.history;
