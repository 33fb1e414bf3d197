package dev.banyan.balance;

/**
 * Whom an algorithm would choose.
 *
 * @param index among its members
 * @param why in words that follow the server's name
 */
record Foreseen(int index, String why) {}
