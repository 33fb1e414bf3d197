package dev.banyan.postgres;

import java.util.List;
import java.util.function.Consumer;

/** Knows what the virtual database answers. */
@FunctionalInterface
interface AdminDesk {
    /** Gathers a topic's rows; {@code done} gets them once, on any thread, each as many texts as the topic has columns. */
    void rows(AdminTopic topic, Consumer<List<List<String>>> done);
}
