/**
 * The cache router: listens like a Redis server, and sends each command to the node that its key belongs to. Keys of a declared prefix are
 * answered by a {@link dev.banyan.resp.DeclaredKeys}, which lives in another module.
 *
 * <p>Start at {@link dev.banyan.resp.RespRouter}; a client's connection is a {@code ClientSession}, a node's a {@code NodeConnection}, both on
 * the loop they were born on. {@code dev.banyan.resp.wire} is the protocol.
 */
package dev.banyan.resp;
