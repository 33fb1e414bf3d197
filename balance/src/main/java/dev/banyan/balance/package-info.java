/**
 * Which server gets a request: the load-balancing algorithms, the hash ring, the health of servers and the budget for retries.
 *
 * <p>Pure: no Netty, no clock, no thread. Time comes in as nanoseconds of {@code net}'s clock, randomness as a seed, checks and outcomes as
 * calls. Start at {@link dev.banyan.balance.ServerGroup}: rare changes (membership, health) are made under its lock and end in a new immutable
 * {@code Eligible}; the hot path reads that one reference, neither locks nor allocates, and reserves its place by one compare-and-set.
 *
 * <p>Health is in small machines that know nothing of each other: {@code Checks} (active, rise and fall), {@code FailureWindow} and
 * {@code Ejections} (passive; {@code Ejector} judges), {@code Ramp} (slow start). Each algorithm is one {@code Policy}.
 */
package dev.banyan.balance;
