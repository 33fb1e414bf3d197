package dev.banyan.engines;

/** Hears what happens to supervised processes, on the thread that supervises that process: quick, and safe for several threads. */
@FunctionalInterface
public interface ProcessListener {
    void heard(ProcessEvent event);
}
