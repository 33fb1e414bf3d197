package dev.banyan.topology;

/**
 * One thing that is wrong with a site file.
 *
 * @param line 1-based; 0 when it is about the file as a whole
 * @param column 1-based; 0 when it is about the whole line
 * @param path where in the tree, as {@code front-door.timeouts.connect}; empty for the root
 * @param message what is wrong and what is allowed, in one sentence
 */
public record Problem(int line, int column, String path, String message) {}
