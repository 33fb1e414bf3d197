package dev.banyan.resp.clients;

/**
 * Something that clients do, with what must come of it.
 *
 * @param name what it is, for people; also what its keys begin with
 * @param <C> how a client connects
 */
record Scenario<C>(String name, Check<C> check) {
    @FunctionalInterface
    interface Check<C> {
        void run(C clients) throws Exception;
    }

    /** A hash tag of its own, so that its keys lie on one node. */
    String tag() {
        return "{" + name.replace(' ', '-') + "}";
    }
}
