package dev.banyan.http;

import dev.banyan.http.wire.Cidrs;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of several places is nearest to a client's address: the one that names the smallest range around it, else the first. One that does not serve
 * is passed over, then in the order of the places. Immutable.
 */
public final class AddressMap<T> {
    private final List<T> places;
    /** The longest prefixes first; among equals, the place that comes first. */
    private final List<Entry<T>> entries;

    private AddressMap(List<T> places, List<Entry<T>> entries) {
        this.places = places;
        this.entries = entries;
    }

    /**
     * A place and the ranges it is nearest to.
     *
     * @param networks in CIDR notation, checked before
     */
    public record Place<T>(T what, List<String> networks) {
        public Place {
            networks = List.copyOf(networks);
        }
    }

    /** @throws IllegalArgumentException when a range is malformed */
    public static <T> AddressMap<T> of(List<Place<T>> places) {
        List<Entry<T>> entries = new ArrayList<>();
        for (Place<T> place : places) {
            place.networks().forEach(network -> entries.add(new Entry<>(Cidrs.Range.of(network), place.what())));
        }
        entries.sort(Comparator.comparingInt((Entry<T> entry) -> entry.range().bits()).reversed());
        return new AddressMap<>(places.stream().map(Place::what).toList(), List.copyOf(entries));
    }

    /** The nearest that serves; empty when none does. */
    public Optional<T> nearest(InetAddress address, Predicate<T> serves) {
        byte[] plain = Cidrs.unmapped(address.getAddress());
        for (Entry<T> entry : entries) {
            if (entry.range().contains(plain) && serves.test(entry.what())) {
                return Optional.of(entry.what());
            }
        }
        return places.stream().filter(serves).findFirst();
    }

    private record Entry<T>(Cidrs.Range range, T what) {}
}
