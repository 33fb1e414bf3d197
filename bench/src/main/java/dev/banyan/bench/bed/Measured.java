package dev.banyan.bench.bed;

/**
 * What a load generator saw of one subject under one load.
 *
 * @param requests that were answered: requests of HTTP, transactions of a database
 * @param seconds that it ran
 * @param p50Millis from sending one to its whole answer
 * @param errors what was not answered as it should be
 */
public record Measured(long requests, double seconds, double p50Millis, double p99Millis, long errors) {}
