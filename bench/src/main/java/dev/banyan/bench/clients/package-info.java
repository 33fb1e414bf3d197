/**
 * Clients of the Redis protocol in other languages, and Redis's own tools, through the cache router. Start at
 * {@link dev.banyan.bench.clients.RedisClients}.
 */
package dev.banyan.bench.clients;
