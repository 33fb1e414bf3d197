/**
 * What a site is: the site file as a tree of immutable records, its stages, and the difference between two sites.
 *
 * <p>Pure: no Netty, no clock, no thread, no file but the one that is read. Start at {@link dev.banyan.topology.Topology}; its components
 * carry the keys, the defaults and the descriptions from which the reader, the JSON schema and the reference page are made.
 */
package dev.banyan.topology;
