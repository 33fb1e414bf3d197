/**
 * What the tests of several modules need of the world: real servers' programs ({@link dev.banyan.testing.EmbeddedPostgres}, {@link dev.banyan.testing.EmbeddedRedis})
 * and ports for them ({@link dev.banyan.testing.FreePort}). Used in test scope alone. What a test wants of a server, its settings, its roles, how it is killed,
 * stays in the module's own fixture. Start at {@code EmbeddedPostgres}.
 */
package dev.banyan.testing;
