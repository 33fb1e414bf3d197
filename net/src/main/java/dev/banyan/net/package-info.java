/**
 * The doors: loops and threads, the clock, listeners, deadlines. The only module that makes threads, reads a clock or draws a seed;
 * everything else is handed them, so that a simulation can put its own in their place.
 *
 * <p>Start at {@link dev.banyan.net.Loops}; ways that are broken on purpose at {@link dev.banyan.net.Wires}.
 */
package dev.banyan.net;
