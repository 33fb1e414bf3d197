package dev.banyan.control;

import java.util.concurrent.CompletableFuture;

/**
 * A plan that is being done.
 *
 * @param number from 1, since the site came up
 * @param outcome completes when it is over; never exceptionally
 */
public record Move(long number, Plan plan, CompletableFuture<Outcome> outcome) {}
