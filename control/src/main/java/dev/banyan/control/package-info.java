/**
 * The control loop: what runs ({@link dev.banyan.control.Observed}) against what is wanted ({@link dev.banyan.control.Wanted}) gives a
 * {@link dev.banyan.control.Plan} of steps; the {@link dev.banyan.control.Mover} does them one after the other, journals each, and undoes
 * them when one fails.
 *
 * <p>Deciding ({@link dev.banyan.control.Course}, {@link dev.banyan.control.Resumption}) is pure. Acting goes through the ports
 * {@link dev.banyan.control.Instances}, {@link dev.banyan.control.Door} and {@link dev.banyan.control.database.DatabasePorts}, which the command line
 * binds to the real things and tests to fakes. Start reading at {@link dev.banyan.control.Site}; the database's servers have a package of their own.
 */
package dev.banyan.control;
