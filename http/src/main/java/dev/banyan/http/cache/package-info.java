/**
 * The cache of an edge, after RFC 9111: what may be stored, what of it may be reused, and where it lies. Deciding is pure and apart from storing; the
 * front door's classes fetch, fill and answer. Start at {@link dev.banyan.http.cache.StoredHead}.
 */
package dev.banyan.http.cache;
