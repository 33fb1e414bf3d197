/**
 * Who calls: API keys, signed tokens (JWT) and passwords, and whom a route lets in. {@link dev.banyan.http.gateway.callers.Callers} is the
 * face, {@link dev.banyan.http.gateway.callers.AdmissionCheck} what each request of a route meets.
 *
 * <p>On an IO loop there are tables in memory only and, for a token that is new, one signature. What takes longer, fetching keys and the slow
 * hash of passwords, is done on threads that may block, while the request waits. Secrets are kept as hashes and never shown: an answer is the
 * same whatever was wrong, and only counters tell why.
 */
package dev.banyan.http.gateway.callers;
