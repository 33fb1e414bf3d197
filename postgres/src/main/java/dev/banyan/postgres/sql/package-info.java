/**
 * What a statement is, may do and leaves behind in its session, read from its text by PostgreSQL's lexical rules. Pure. Whatever cannot be
 * proved to read only counts as a write. Start reading at {@link dev.banyan.postgres.sql.StatementReader}.
 */
package dev.banyan.postgres.sql;
