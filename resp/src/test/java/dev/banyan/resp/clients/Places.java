package dev.banyan.resp.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where clients connect to, for each {@link Way}: opened once for all tests of a class. */
final class Places implements AutoCloseable {
    private final Map<Way, Way.Place> places = new EnumMap<>(Way.class);

    void open(List<Way> ways) {
        for (Way way : ways) {
            places.put(way, way.open());
        }
    }

    Way.Place at(Way way) {
        return places.get(way);
    }

    /** Fails when the router has had a fault of its own, whatever its clients saw. */
    void check() {
        places.forEach((way, place) -> assertThat(place.faults()).as("faults, " + way).isEmpty());
    }

    @Override
    public void close() throws Exception {
        for (Way.Place place : places.values()) {
            place.close();
        }
    }
}
