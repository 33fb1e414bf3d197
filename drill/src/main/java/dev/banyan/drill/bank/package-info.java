/**
 * A bank and a set, written to while primaries are killed: whether every commit that was acknowledged is there, none that was refused is, no money
 * came or went, and never two servers took writes. Start at {@link dev.banyan.drill.bank.BankCheck}.
 */
package dev.banyan.drill.bank;
