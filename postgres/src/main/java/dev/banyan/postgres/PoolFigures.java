package dev.banyan.postgres;

/**
 * A login's connections to one member at one moment, over all loops. Loops go on while it is read: what moves or is being counted may be off
 * by that much.
 *
 * @param open connections, those being opened among them
 * @param opening not yet usable
 * @param idle unused
 * @param busy leased
 * @param waiting clients that wait for one
 */
record PoolFigures(Member member, PoolKey login, int open, int opening, int idle, int busy, int waiting) {}
