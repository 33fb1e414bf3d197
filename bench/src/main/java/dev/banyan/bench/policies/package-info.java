/**
 * {@code bench/edge-policies}: the edge's eviction policies, the very code that runs there, on traces whose popularity is known, beside a bound that knows the
 * future. Start at {@link dev.banyan.bench.policies.EdgePoliciesBench}.
 */
package dev.banyan.bench.policies;
