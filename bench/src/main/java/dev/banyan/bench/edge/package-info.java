/**
 * An edge's cache beside Varnish and NGINX's proxy_cache: what a hit costs, and what becomes of many misses for one object. Start at
 * {@link dev.banyan.bench.edge.EdgePeers}.
 */
package dev.banyan.bench.edge;
