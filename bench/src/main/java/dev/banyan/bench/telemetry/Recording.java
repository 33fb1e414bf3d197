package dev.banyan.bench.telemetry;

/** What a door under measurement records. */
enum Recording {
    /** Nothing: its counters and histograms are deaf. */
    OFF("off", false, 0),
    /** Metrics, as every site has them. */
    METRICS("metrics", false, 0),
    /** The same and a line of the access log a request. */
    LOG("log", true, 0),
    /** The same and 1 % of the requests traced and sent to a collector. */
    TRACES_1("traces-1%", true, 1),
    /** The same with every request. */
    TRACES_100("traces-100%", true, 100);

    private final String subject;
    private final boolean log;
    private final int percent;

    Recording(String subject, boolean log, int percent) {
        this.subject = subject;
        this.log = log;
        this.percent = percent;
    }

    String subject() {
        return subject;
    }

    boolean log() {
        return log;
    }

    /** Of the requests that are traced. */
    int percent() {
        return percent;
    }
}
