/**
 * pgjdbc's own tests, run against a server, a pooler or Banyan's router: who speaks the protocol as PostgreSQL does passes them. Start at
 * {@link dev.banyan.bench.pgjdbc.PgjdbcSuite}.
 */
package dev.banyan.bench.pgjdbc;
