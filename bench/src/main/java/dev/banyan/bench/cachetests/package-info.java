/**
 * The public test suite for HTTP caches, run through a Banyan edge and its peers: getting it ({@link dev.banyan.bench.cachetests.CacheSuite}), and counting what
 * it says ({@link dev.banyan.bench.cachetests.Verdicts}). Start at {@link dev.banyan.bench.cachetests.HttpCacheTests}.
 */
package dev.banyan.bench.cachetests;
