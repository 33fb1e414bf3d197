/**
 * What Banyan takes of a machine before it does anything: time to start, memory at rest, and the price of a connection that waits, beside
 * HAProxy and NGINX. Start at {@link dev.banyan.bench.footprint.FootprintBench}.
 */
package dev.banyan.bench.footprint;
