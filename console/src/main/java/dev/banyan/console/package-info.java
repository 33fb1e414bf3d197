/**
 * The admin API and the console's one page, on the JDK's HTTP server and virtual threads. It shows a {@link dev.banyan.console.SiteView}
 * and asks {@link dev.banyan.console.Actions} to change the site; who wires it up implements both. The page lies in the resources:
 * plain ES modules, no build step, nothing from elsewhere.
 *
 * <p>Start at {@link dev.banyan.console.AdminServer}.
 */
package dev.banyan.console;
