package dev.banyan.cli;

import dev.banyan.drill.site.Drills;
import java.lang.reflect.Constructor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParseResult;

/** Makes each verb with the terminal it talks to. */
final class Verbs implements IFactory {
    private static final Map<String, Class<?>> ALL = all();

    private final Terminal terminal;

    Verbs(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The verb that is said, alone when it is one: to look into all of them takes longer than the JVM's whole start. */
    void addTo(CommandLine line, String... words) {
        Class<?> said = words.length == 0 ? null : ALL.get(words[0]);
        (said == null ? ALL.values() : List.of(said)).forEach(line::addSubcommand);
        Optional.ofNullable(line.getSubcommands().get("drill")).ifPresent(drill -> Drills.all().forEach(each -> drill.addSubcommand(each.name(), new DrillSiteCommand(terminal, each))));
    }

    private static Map<String, Class<?>> all() {
        Map<String, Class<?>> verbs = new LinkedHashMap<>();
        verbs.put("up", UpCommand.class);
        verbs.put("grow", GrowCommand.class);
        verbs.put("shrink", ShrinkCommand.class);
        verbs.put("deploy", DeployCommand.class);
        verbs.put("apply", ApplyCommand.class);
        verbs.put("purge", PurgeCommand.class);
        verbs.put("edge", EdgeCommand.class);
        verbs.put("switchover", SwitchoverCommand.class);
        verbs.put("status", StatusCommand.class);
        verbs.put("logs", LogsCommand.class);
        verbs.put("history", HistoryCommand.class);
        verbs.put("explain", ExplainCommand.class);
        verbs.put("psql", PsqlCommand.class);
        verbs.put("redis-cli", RedisCliCommand.class);
        verbs.put("env", EnvCommand.class);
        verbs.put("load", LoadCommand.class);
        verbs.put("fault", FaultCommand.class);
        verbs.put("drill", DrillCommand.class);
        verbs.put("alerts", AlertsCommand.class);
        verbs.put("dashboard", DashboardCommand.class);
        verbs.put("tour", TourCommand.class);
        verbs.put("validate", ValidateCommand.class);
        verbs.put("schema", SchemaCommand.class);
        verbs.put("warm-up", WarmUpCommand.class);
        return verbs;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Terminal.class) {
                return type.cast(constructor.newInstance(terminal));
            }
        }
        return CommandLine.defaultFactory().create(type);
    }

    /** The last verb said; without one the help, as wrong usage. */
    static int execute(ParseResult parsed) {
        if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            parsed.commandSpec().commandLine().usage(parsed.commandSpec().commandLine().getErr());
            return Failures.USAGE;
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
