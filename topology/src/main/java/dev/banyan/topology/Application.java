package dev.banyan.topology;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The application, twelve-factor: any HTTP program. Exactly one of {@code command} and {@code servers} is given. */
@Doc("The application: a command that Banyan runs, or servers that run already.")
public record Application(
        @Doc("The program and its arguments, run once per instance with PORT and the attached resources in its environment; a string is run by 'sh -c'.")
                Optional<CommandLine> command,
        @Doc("Servers that run already, instead of a command.") List<ServerUrl> servers,
        @Doc("How many instances of the command run; from the stage (1 at stage 1, 3 from stage 3) when absent.") OptionalInt instances,
        @Default(".") @Doc("The folder the command runs in, relative to the site file.") Path directory,
        @Doc("More environment variables for the command.") Map<String, Secret> environment,
        @Default("/") @Doc("The path that answers 200 to 399 when an instance can serve.") String healthPath,
        @Default("60s") @Doc("How long a new instance may take to become healthy.") Duration startTimeout,
        @Default("10s") @Doc("How long an instance may take to end after SIGTERM before it is killed.") Duration stopTimeout) {

    public Application {
        servers = List.copyOf(servers);
        environment = Map.copyOf(environment);
    }
}
