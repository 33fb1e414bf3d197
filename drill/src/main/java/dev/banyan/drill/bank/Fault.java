package dev.banyan.drill.bank;

/** Breaks a database's servers, and knows when they are whole again. Used by one thread; may block. */
public interface Fault {
    /**
     * Does one fault, and returns as soon as it is done.
     *
     * @param number from 1
     * @return what was done to whom, for the report: {@code SIGKILL of db-1}
     */
    String strike(int number) throws InterruptedException;

    /** Whether all servers are as they should be: a primary, and every replica streaming from it. */
    boolean whole() throws InterruptedException;
}
