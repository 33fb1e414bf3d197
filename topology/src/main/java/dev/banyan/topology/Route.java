package dev.banyan.topology;

import dev.banyan.topology.Written.Form;
import java.util.List;
import java.util.Optional;

/** Which requests a rule is for, and what is done with them. */
@Doc("Which requests a rule is for, and what is done with them.")
public record Route(
        @Doc("Its name, for metrics, logs and 'banyan explain'.") SiteName name,
        @Written(Form.HOST_PATTERN) @Doc("Hosts it is for, a leading '*.' standing for any name below; all when absent.") List<String> hosts,
        @Written(Form.URL_PATH) @Default("/") @Doc("How the path begins, by whole segments.") String path,
        @Written(Form.NAME) @Doc("Which service answers; the application when absent.") Optional<String> service) {

    public Route {
        hosts = List.copyOf(hosts);
    }
}
