/**
 * The {@code banyan} command, and the only place that wires the rooms together. Start at {@link dev.banyan.cli.Banyan}, which knows the verbs.
 * {@code UpCommand} opens a {@code LiveSite}: the engines, the front door, control and the console, bound to each other by small adapters
 * ({@code SiteInstances}, {@code SiteDoor}, {@code SiteServers}, {@code SitePicture}, {@code SiteActions}), all of them on one {@code Ground}. The other verbs find the running
 * site by {@code .banyan/running.json} and speak its admin API.
 */
package dev.banyan.cli;
