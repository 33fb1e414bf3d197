package dev.banyan.http;

import dev.banyan.balance.RetryBudget;
import dev.banyan.balance.ServerGroup;
import dev.banyan.topology.FrontDoor.Retries;

/**
 * A service behind the door: its servers, who waits for them, and what may be tried again there. Safe for any thread.
 */
final class Upstream {
    private final String name;
    /** Its place among the door's, for what each loop keeps of it. */
    private final int number;
    private final ServerGroup group;
    private final WaitingRoom waitingRoom = new WaitingRoom();
    private volatile RetryBudget retryBudget;
    private volatile String healthPath;

    Upstream(String name, int number, ServerGroup group, String healthPath, Retries retries) {
        this.name = name;
        this.number = number;
        this.group = group;
        this.healthPath = healthPath;
        this.retryBudget = new RetryBudget(retries);
    }

    /** As the site file has it; the application's is "application". */
    String name() {
        return name;
    }

    int number() {
        return number;
    }

    ServerGroup group() {
        return group;
    }

    WaitingRoom waitingRoom() {
        return waitingRoom;
    }

    RetryBudget retryBudget() {
        return retryBudget;
    }

    /** Answers 200 to 399 at a server that can serve. */
    String healthPath() {
        return healthPath;
    }

    void use(Retries retries) {
        retryBudget = new RetryBudget(retries);
    }

    void use(String newHealthPath) {
        healthPath = newHealthPath;
    }
}
