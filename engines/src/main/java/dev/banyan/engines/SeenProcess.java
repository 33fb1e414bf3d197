package dev.banyan.engines;

/**
 * A process as the system shows it at one moment.
 *
 * @param session the session's leader; 0 where the system does not tell
 * @param birth tells apart two processes that had the same id: equal only for the same process
 */
record SeenProcess(long pid, long parent, long session, String birth) {}
