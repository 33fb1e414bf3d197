/**
 * Writes behind under the loss of everything: the whole Banyan process, a node of its cache, the database's primary. Start at
 * {@link dev.banyan.bench.cachekills.CacheKillsBench}.
 */
package dev.banyan.bench.cachekills;
