package dev.banyan.topology;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.Written.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The application, twelve-factor: any HTTP program. Exactly one of {@code command} and {@code servers} is given. */
@Doc("The application: a command that Banyan runs, or servers that run already.")
@ExactlyOne({"command", "servers"})
public record Application(
        @Applied(Effect.ROLLING) @Doc("The program and its arguments, run once per instance with PORT and the attached resources in its environment; a string is run by 'sh -c'.")
                Optional<CommandLine> command,
        @Doc("Servers that run already, instead of a command.") List<ServerUrl> servers,
        @Range(from = "1", to = "1000") @Doc("How many instances of the command run from stage 3 on, 3 when absent; stage 1 always runs one.") OptionalInt instances,
        @Applied(Effect.ROLLING) @Default(".") @Doc("The folder the command runs in, relative to the site file.") Path directory,
        @Applied(Effect.ROLLING) @Doc("More environment variables for the command.") Map<String, Secret> environment,
        @Written(Form.URL_PATH) @Default("/") @Doc("The path that answers 200 to 399 when an instance can serve.") String healthPath,
        @Range(from = "1s", to = "1h") @Default("60s") @Doc("How long a new instance may take to become healthy.") Duration startTimeout,
        @Range(from = "0s", to = "1h") @Default("10s") @Doc("How long an instance may take to end after SIGTERM before it is killed.") Duration stopTimeout) {

    public Application {
        servers = List.copyOf(servers);
        environment = Map.copyOf(environment);
    }
}
