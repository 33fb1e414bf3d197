package dev.banyan.balance;

/** All that decides whether a server gets requests, and how large its share is. Owned by its group's lock. */
final class Standing {
    final Checks checks;
    final FailureWindow window = new FailureWindow();
    final Ejections ejections = new Ejections();
    final Ramp ramp = new Ramp();
    boolean draining;
    boolean removed;

    /** Its being kept in spite of failures has been told; not again before it was well for a time. */
    boolean spared;

    Standing(boolean proven) {
        checks = new Checks(proven);
    }

    ServerState state() {
        if (removed) {
            return ServerState.REMOVED;
        }
        if (draining) {
            return ServerState.DRAINING;
        }
        if (!checks.proven()) {
            return ServerState.UNPROVEN;
        }
        if (checks.sick()) {
            return ServerState.SICK;
        }
        return ejections.ejected() ? ServerState.EJECTED : ServerState.HEALTHY;
    }

    /** It belongs to the group's service, well or not: a panic may send it requests, and it counts in the shares. */
    boolean counts() {
        return switch (state()) {
            case HEALTHY, SICK, EJECTED -> true;
            case UNPROVEN, DRAINING, REMOVED -> false;
        };
    }
}
