package dev.banyan.balance;

/** What {@link ServerGroup#choose} answers. Nothing is allocated for it: a server answers for itself, a refusal is a constant. */
public sealed interface Choice permits Server, Refusal {}
