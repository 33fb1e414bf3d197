/**
 * What a cache that loads and writes by itself must not do, checked from outside: show what was replaced long ago, lose or double a write that it
 * acknowledged, ask the database for one value many times. Rows of their own in the sample application's tables are changed and read by the keys
 * that its site file declares.
 *
 * <p>Start at {@link dev.banyan.drill.cache.StalenessCheck}, {@link dev.banyan.drill.cache.WriteBehindCheck} and
 * {@link dev.banyan.drill.cache.OneQueryCheck}. {@code CacheLink} is a connection to the cache; {@code PhotosRows} are the rows; a {@code Row} knows how
 * old an answer may be, a {@code WriteLedger} what was acknowledged.
 */
package dev.banyan.drill.cache;
