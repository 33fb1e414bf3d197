/**
 * How much a caller, a service and an edge's client may have. Rate limits are checks of a route: start at
 * {@link dev.banyan.http.gateway.limits.RateLimiting}. What guards a service, an adaptive concurrency limit and a circuit breaker, is asked
 * before a request goes there: {@link dev.banyan.http.gateway.limits.ServiceGuard}. What one address may have at an edge:
 * {@link dev.banyan.http.gateway.limits.ClientShares}.
 *
 * <p>The sums are {@code balance}'s, without clock or thread; here they meet requests, answers and, for limits that several front doors
 * share, Redis ({@link dev.banyan.http.gateway.limits.SharedCounters}).
 */
package dev.banyan.http.gateway.limits;
