/**
 * {@code bench/balance}: the front door's load-balancing algorithms in a simulation of servers in virtual time, beside published ones.
 * Start at {@link dev.banyan.bench.balance.BalanceBench}.
 */
package dev.banyan.bench.balance;
