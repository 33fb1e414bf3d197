package dev.banyan.balance;

import dev.banyan.topology.HostPort;
import java.util.ArrayList;
import java.util.List;

/** A group's servers in the order they came, and who has which slot. Owned by its group's lock. */
final class Roster {
    /** The most servers of a group: the ring and the cycle keep a server's index in 16 bits. */
    static final int MOST = 65_536;

    private final List<Server> servers = new ArrayList<>();
    /** By slot: its server, also after its removal for as long as requests of its are in flight; null when the slot is free. */
    private final List<Server> slots = new ArrayList<>();

    /** @throws IllegalArgumentException when the name is taken, the weight is not 1 to 1000 or the group is full */
    Server add(ServerGroup group, String name, HostPort address, int weight, boolean proven) {
        requireWeight(name, weight);
        if (servers.size() == MOST) {
            throw new IllegalArgumentException("the group has " + MOST + " servers, the most it may have; " + name + " needs a group of its own");
        }
        for (Server server : servers) {
            if (server.name().equals(name)) {
                throw new IllegalArgumentException("the group has a server " + server + " already; remove it before adding another " + name);
            }
        }
        int slot = freeSlot();
        Server server = new Server(group, slot, name, address, weight, new Standing(proven));
        slots.set(slot, server);
        servers.add(server);
        return server;
    }

    /** Its slot is free for another server once its last request and tunnel have ended. */
    void remove(Server server) {
        servers.remove(server);
    }

    List<Server> servers() {
        return servers;
    }

    /** How many count for the group's shares. */
    int counting() {
        return (int) servers.stream().filter(server -> server.standing.counts()).count();
    }

    int in(ServerState state) {
        return (int) servers.stream().filter(server -> server.standing.state() == state).count();
    }

    static void requireWeight(String name, int weight) {
        if (weight < 1 || weight > 1000) {
            throw new IllegalArgumentException("the weight of " + name + " is 1 to 1000, not " + weight + "; drain it to send it nothing");
        }
    }

    private int freeSlot() {
        for (int slot = 0; slot < slots.size(); slot++) {
            Server last = slots.get(slot);
            if (last.standing.removed && last.inFlight() == 0 && last.tunnels() == 0) {
                return slot;
            }
        }
        slots.add(null);
        return slots.size() - 1;
    }
}
