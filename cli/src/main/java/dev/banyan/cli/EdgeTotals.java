package dev.banyan.cli;

/**
 * What an edge was asked since it was opened.
 *
 * @param failed answered with 5xx
 * @param asked those that it had to ask its origin for
 */
record EdgeTotals(long requests, long failed, long asked) {
    static final EdgeTotals NONE = new EdgeTotals(0, 0, 0);

    static EdgeTotals of(RunningEdge edge) {
        EdgeFigures figures = edge.figures();
        return new EdgeTotals(figures.traffic().total(), figures.failed(), figures.asked());
    }

    EdgeTotals plus(EdgeTotals other) {
        return new EdgeTotals(requests + other.requests, failed + other.failed, asked + other.asked);
    }
}
