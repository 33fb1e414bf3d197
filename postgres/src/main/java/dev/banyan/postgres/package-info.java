/**
 * The PostgreSQL router: clients on one side, a primary and its replicas on the other. It pools server connections by transaction, sends what
 * is proved to read only to replicas that have what the session has seen, and keeps clients waiting, not failing, while the primary changes.
 *
 * <p>Start reading at {@link dev.banyan.postgres.PostgresRouter}, then {@code ClientSession}, which names its parts, and
 * {@code ServerConnection}. What a statement is and may do is read in {@link dev.banyan.postgres.sql}; messages, start-up, TLS and authentication
 * lie in {@link dev.banyan.postgres.wire}.
 */
package dev.banyan.postgres;
