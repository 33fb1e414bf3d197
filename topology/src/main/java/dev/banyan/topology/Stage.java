package dev.banyan.topology;

/** A stage of growth, numbered as in the literature. A stage is a preset over the site file, see {@link Topology#stage()}. */
public enum Stage {
    @Doc("One application process and its database.")
    SINGLE_SERVER(1),
    @Doc("Several stateless application processes behind the load balancer; health checks, drain, rolling deploys.")
    LOAD_BALANCER(3);

    private final int number;

    Stage(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
