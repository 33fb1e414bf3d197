/**
 * What users are promised, and what is left of what may fail: service level objectives with error budgets and burn rates (Google, The Site
 * Reliability Workbook, chapter 5). Answers are counted by the minute and kept on disk, since the windows are longer than a process lives.
 *
 * <p>Start at {@link dev.banyan.telemetry.slo.Promises}; {@link dev.banyan.telemetry.slo.Minutes} keeps the counts, {@link
 * dev.banyan.telemetry.slo.BurnAlerts} says when somebody should look. All of it is pure but for {@link
 * dev.banyan.telemetry.slo.MinuteFile}.
 */
package dev.banyan.telemetry.slo;
