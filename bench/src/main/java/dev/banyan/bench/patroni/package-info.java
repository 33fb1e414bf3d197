/**
 * Patroni, which most who run PostgreSQL themselves use against the loss of a primary, under the check that Banyan's own failover is under. Start
 * at {@link dev.banyan.bench.patroni.PatroniBench}.
 */
package dev.banyan.bench.patroni;
