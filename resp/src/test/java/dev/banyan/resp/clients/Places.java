package dev.banyan.resp.clients;

import dev.banyan.topology.HostPort;
import java.util.EnumMap;
import java.util.Map;

/** Where clients connect to, for each {@link Way}: opened once for all tests of a class. */
final class Places implements AutoCloseable {
    private final Map<Way, Way.Place> places = new EnumMap<>(Way.class);

    void open() {
        for (Way way : Way.values()) {
            places.put(way, way.open());
        }
    }

    HostPort at(Way way) {
        return places.get(way).at();
    }

    @Override
    public void close() throws Exception {
        for (Way.Place place : places.values()) {
            place.close();
        }
    }
}
