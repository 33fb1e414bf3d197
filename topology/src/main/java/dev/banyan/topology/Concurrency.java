package dev.banyan.topology;

/** A limit on the requests at a service at a time, which finds its own value from how long they take. */
@Doc("A limit on the requests at each service at a time, which finds its own value from how long they take; more get 503 with Retry-After, the least important first.")
public record Concurrency(
        @Range(from = "1", to = "100000") @Default("20") @Doc("The limit to begin with.") int initial,
        @Range(from = "1", to = "100000") @Default("4") @Doc("The least it may become.") int minimum,
        @Range(from = "1", to = "100000") @Default("1000") @Doc("The most it may become.") int maximum,
        @Default("50%") @Doc("By how much requests may take longer than when there is no queue at the service, before the limit falls.") Share slack,
        @Default("90%") @Doc("The part of the limit up to which requests of priority 'normal' are let in.") Share normal,
        @Default("70%") @Doc("The part of the limit up to which requests of priority 'low' are let in.") Share low) {}
