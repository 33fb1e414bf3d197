/**
 * The five caching strategies over the tables of the application's database: what answers commands on keys of declared prefixes, and what keeps
 * their values true.
 *
 * <p>Start at {@code Strategies}. {@code dev.banyan.cache.journal} holds the writes that are acknowledged before the database has them.
 */
package dev.banyan.cache;
