/**
 * What a statement is, may do and leaves behind in its session, read from its text by PostgreSQL's lexical rules. Pure. Whatever cannot be
 * proved to read only counts as a write.
 *
 * <p>Start at {@link dev.banyan.postgres.sql.CachedStatementReader}: it takes a text's {@code Fingerprint} in one pass of the {@code Lexer} and
 * asks the cache. What is new goes through {@code TextReader}, which cuts it into statements; {@code StatementScan} says what each is, and
 * {@code ReadProof} whether it only reads. What is known of the application's own functions comes as a
 * {@link dev.banyan.postgres.sql.Catalogue}.
 */
package dev.banyan.postgres.sql;
