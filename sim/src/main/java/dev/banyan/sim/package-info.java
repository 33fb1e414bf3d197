/**
 * A whole site in one thread with a virtual clock: the production handlers on in-memory channels, between clients and servers that do what
 * a seed says. The same seed gives the same run, to the byte.
 *
 * <p>Start at {@link dev.banyan.sim.FrontDoorSim}.
 */
package dev.banyan.sim;
