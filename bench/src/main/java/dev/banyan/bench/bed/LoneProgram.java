package dev.banyan.bench.bed;

import java.util.ArrayList;
import java.util.List;

/** How a part of Banyan is started by itself to be measured: a JVM in the manner of the launcher's, with a small heap and one collector thread. */
public final class LoneProgram {
    private LoneProgram() {}

    /** The command that runs the class with this JVM's class path. */
    public static List<String> command(Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Dio.netty.allocator.type=pooled", "-Dio.netty.leakDetection.level=disabled", "-Xms128m", "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return command;
    }
}
