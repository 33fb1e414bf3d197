/**
 * What others watch a site by: alert rules for Prometheus and a dashboard for Grafana, made here from the metrics that there are. Every name
 * is checked against those that are registered. Start at {@link dev.banyan.console.monitoring.Alert}.
 */
package dev.banyan.console.monitoring;
