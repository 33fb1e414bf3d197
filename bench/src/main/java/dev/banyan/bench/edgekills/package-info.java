/**
 * Edges and their origin killed under load: what clients that go to another edge still get. Start at {@link dev.banyan.bench.edgekills.EdgeKillsBench}.
 */
package dev.banyan.bench.edgekills;
