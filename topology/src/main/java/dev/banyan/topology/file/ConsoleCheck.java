package dev.banyan.topology.file;

import dev.banyan.topology.Console;
import dev.banyan.topology.Slo;

/** What must hold of the console, and of what it shows of promises. */
record ConsoleCheck(Console console, Slo slo, Findings findings) {
    void check() {
        String listen = "console.listen";
        if (!console.listen().isLoopback() && console.tls().isEmpty() && !findings.bad(listen) && !findings.bad("console.tls")) {
            findings.problem(findings.at(listen), listen, "is " + console.listen() + ", which other machines reach: the token and all that is shown would cross the network in the clear."
                    + " Write console.tls: {} (a certificate is made), or name one in console.tls.certificate and console.tls.key; or listen at 127.0.0.1:" + console.listen().port());
        }
        if (findings.given("slo") && slo.availability().isEmpty() && slo.latency().isEmpty() && !findings.bad("slo.availability") && !findings.bad("slo.latency")) {
            findings.warning("slo", "promises nothing: write availability: 99.9%, or latency: { share: 99%, within: 300ms }, or both");
        }
    }
}
