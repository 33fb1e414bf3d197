/**
 * The cache router beside twemproxy and Redis itself: redis-benchmark's reads and writes, and reads that follow a Zipf law, in alternation. Start
 * at {@link dev.banyan.bench.cache.CacheBench}.
 */
package dev.banyan.bench.cache;
