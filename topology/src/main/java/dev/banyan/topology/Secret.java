package dev.banyan.topology;

/** Text that may be a secret: never printed, logged or shown; {@link #reveal()} only where it is used. */
public record Secret(String value) {
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
