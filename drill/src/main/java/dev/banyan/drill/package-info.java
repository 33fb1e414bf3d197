/**
 * What is done to a site to see whether it holds: open-loop load, the ledger of acknowledged writes, and their audit.
 *
 * <p>Start at {@link dev.banyan.drill.Load}. An arrival goes from {@link dev.banyan.drill.Pacer} (when) to a {@code Traffic} (what: one
 * request of a URL, or one step of a virtual user) to {@link dev.banyan.drill.Client} (how: lanes of keep-alive connections, one lane an
 * IO loop), and ends in {@link dev.banyan.drill.Tally}, from which the report is made. {@link dev.banyan.drill.Ledger} stands alone:
 * whoever writes to a site under faults can keep one.
 */
package dev.banyan.drill;
