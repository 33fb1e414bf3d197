/**
 * The PostgreSQL router beside PgBouncer and Pgpool-II: pgbench's reads through each, before the same server, in alternation. Start at
 * {@link dev.banyan.bench.postgres.PostgresBench}.
 */
package dev.banyan.bench.postgres;
