package dev.banyan.http.gateway;

import dev.banyan.topology.Route;
import dev.banyan.topology.Route.Split;
import dev.banyan.topology.Topology;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Which service answers a request of a route: the canary, or one of those that share the others. Immutable. */
final class ServiceChoice {
    /** Those that share the requests, then the canary if there is one. */
    private final String[] services;
    /** Of each that shares the sum of its weight and those before. */
    private final int[] upTo;
    private final CanaryRule canary;
    private final String mirror;
    private final double mirrored;

    private ServiceChoice(List<Split> shares, CanaryRule canary, String mirror, double mirrored) {
        services = Stream.concat(shares.stream().map(Split::service), Stream.ofNullable(canary).map(CanaryRule::service)).toArray(String[]::new);
        upTo = new int[shares.size()];
        int sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += shares.get(i).weight();
            upTo[i] = sum;
        }
        this.canary = canary;
        this.mirror = mirror;
        this.mirrored = mirrored;
    }

    /** The application alone. */
    static ServiceChoice application() {
        return new ServiceChoice(List.of(new Split(Topology.APPLICATION, 1)), null, "", 0);
    }

    static ServiceChoice of(Route route) {
        List<Split> shares = route.split().isEmpty() ? List.of(new Split(route.service().orElse(Topology.APPLICATION), 1)) : route.split();
        return new ServiceChoice(
                shares,
                route.canary().map(CanaryRule::new).orElse(null),
                route.mirror().map(Route.Mirror::service).orElse(""),
                route.mirror().map(mirror -> mirror.share().of1()).orElse(0.0));
    }

    /** The names of all that may be chosen, the canary last. */
    List<String> services() {
        return List.of(services);
    }

    /** An index in {@link #services()}; notes in the answer what hangs on the choice. */
    int choose(Call call, RandomGenerator random) {
        if (canary != null && canary.takes(call, random)) {
            return services.length - 1;
        }
        if (upTo.length == 1) {
            return 0;
        }
        int drawn = random.nextInt(upTo[upTo.length - 1]);
        int i = 0;
        while (drawn >= upTo[i]) {
            i++;
        }
        return i;
    }

    String service(int index) {
        return services[index];
    }

    /** The service that gets a copy; "" for none. */
    String mirror(RandomGenerator random) {
        return mirrored > 0 && (mirrored >= 1 || random.nextDouble() < mirrored) ? mirror : "";
    }
}
