package dev.banyan.http;

import java.util.HashMap;
import java.util.List;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import me.normanmaurer.maven.autobahntestsuite.FuzzingCaseResult;

/**
 * Runs Autobahn's fuzzing client against a URL and prints a line a case: {@code case NUMBER behavior behaviorClose}. A program of its own,
 * since Python's {@code io} is not found where Netty's package {@code io} is on the class path.
 */
final class AutobahnClient {
    private AutobahnClient() {}

    public static void main(String[] arguments) {
        List<String> cases = List.of(arguments[1].split(","));
        for (FuzzingCaseResult result : AutobahnTestSuite.runFuzzingClient("banyan", arguments[0], new HashMap<>(), cases, List.of())) {
            System.out.println("case " + result.caseName() + " " + (Object) result.behavior() + " " + (Object) result.behaviorClose());
        }
        System.exit(0); // Python's reactor keeps threads
    }
}
