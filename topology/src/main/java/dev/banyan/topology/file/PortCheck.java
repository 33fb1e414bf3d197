package dev.banyan.topology.file;

import dev.banyan.topology.Cache;
import dev.banyan.topology.Database;
import dev.banyan.topology.Edge;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** No two things may listen at one place. */
record PortCheck(Topology site, Findings findings) {
    /** Something that listens. */
    private record Door(String path, HostPort at) {
        boolean meets(Door other) {
            boolean everywhere = at.isEverywhere() || other.at.isEverywhere();
            return at.port() == other.at.port() && at.port() != 0 && (everywhere || host().equals(other.host()));
        }

        private String host() {
            return at.host().equals("localhost") ? "127.0.0.1" : at.host();
        }
    }

    void check() {
        List<Door> doors = doors().stream().filter(door -> !findings.bad(door.path)).toList();
        for (int i = 0; i < doors.size(); i++) {
            for (Door other : doors.subList(0, i)) {
                if (doors.get(i).meets(other)) {
                    tell(doors.get(i), other);
                }
            }
        }
    }

    private List<Door> doors() {
        List<Door> doors = new ArrayList<>();
        doors.add(new Door("front-door.listen", site.frontDoor().listen()));
        site.frontDoor().tls().ifPresent(tls -> doors.add(new Door("front-door.tls.listen", tls.listen())));
        doors.add(new Door("console.listen", site.console().listen()));
        if (site.database().kind() == Database.Kind.POSTGRESQL) {
            doors.add(new Door("database.router.listen", site.database().router().listen()));
            if (site.database().url().isEmpty()) {
                doors.add(new Door("database.port", new HostPort("127.0.0.1", site.database().port())));
            }
        }
        if (site.cache().kind() == Cache.Kind.REDIS) {
            doors.add(new Door("cache.router.listen", site.cache().router().listen()));
        }
        List<Edge.Node> edges = site.edge().nodes();
        for (int i = 0; i < edges.size(); i++) {
            String path = "edge.nodes[" + i + "].listen";
            edges.get(i).listen().ifPresent(at -> doors.add(new Door(path, at)));
        }
        site.edge().remote().ifPresent(remote -> doors.add(new Door("edge.remote.listen", remote.listen())));
        return doors;
    }

    /** At the one that the file gives: the other may be a default that it never mentions. */
    private void tell(Door later, Door earlier) {
        Door told = findings.given(later.path) || !findings.given(earlier.path) ? later : earlier;
        Door other = told == later ? earlier : later;
        findings.problem(findings.at(told.path), told.path, "is port " + told.at.port() + ", where " + other.path + " (" + other.at + ") listens already: choose another");
    }
}
