/**
 * The front door beside HAProxy and NGINX: one thread each, pinned to one core, before the same origin, under the same load, in
 * alternation. Start at {@link dev.banyan.bench.door.FrontDoorBench}.
 */
package dev.banyan.bench.door;
