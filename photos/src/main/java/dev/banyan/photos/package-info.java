/**
 * Photos: a small photo-sharing site, the sample application. It is an ordinary twelve-factor program: plain Java, Jetty,
 * JDBC, server-rendered pages and a JSON API. It knows nothing of Banyan; what it needs comes from environment variables
 * ({@link dev.banyan.photos.Settings}).
 *
 * <p>Start reading at {@link dev.banyan.photos.Photos}; then {@code Site} (a request becomes an {@code Answer}), {@code Routes}
 * (which paths there are), {@code PageActions} and {@code ApiActions} (what they do), {@code Gallery}, {@code Social} and
 * {@code Accounts} (the statements), {@code Html} (escaping by default).
 *
 * <p>Invariants: no state outlives a request except in PostgreSQL, so that any instance can answer any request; a write is
 * acknowledged only after its commit; text from people reaches a page only through {@code Html}'s placeholders.
 */
package dev.banyan.photos;
