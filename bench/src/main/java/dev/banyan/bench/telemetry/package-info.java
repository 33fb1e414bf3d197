/**
 * What telemetry costs the front door: the same door with nothing recorded, with metrics as always, with an access log, and with traces.
 * Start reading at {@link dev.banyan.bench.telemetry.TelemetryBench}.
 */
package dev.banyan.bench.telemetry;
