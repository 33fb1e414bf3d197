/**
 * Redis's own test suite, straight to a Redis or through what stands before it. Start at {@link dev.banyan.bench.redis.RedisSuite}.
 */
package dev.banyan.bench.redis;
