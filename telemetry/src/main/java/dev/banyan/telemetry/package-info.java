/**
 * What the site says about itself: one registry of counters, gauges and histograms; the Decisions; log events; access log lines. Recording
 * on the hot path costs an add and allocates nothing; reading takes a {@link dev.banyan.telemetry.Snapshot}, and two of them make a
 * {@link dev.banyan.telemetry.Window} of rates and quantiles.
 *
 * <p>Nothing here is static: one process makes one {@link dev.banyan.telemetry.Registry} and hands it on. Start there.
 */
package dev.banyan.telemetry;
