/**
 * The Redis serialization protocol, versions 2 and 3 (redis.io/docs/latest/develop/reference/protocol-spec): scanners that find commands and
 * answers where they lie, values, writers, and what a node tells of its commands.
 */
package dev.banyan.resp.wire;
