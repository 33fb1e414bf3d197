package dev.banyan.cli;

import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadOptions.Script;
import dev.banyan.drill.LoadOptionsEdit;
import dev.banyan.drill.Rate;
import dev.banyan.drill.site.DrillOptions;
import dev.banyan.drill.site.FaultKind;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The words that all drills of a whole site take. */
final class DrillWords {
    @Option(names = "--for", paramLabel = "TIME", description = "How long a fault lasts that lasts; a kill does not. Default: ${DEFAULT-VALUE}.", defaultValue = "10s", converter = TimeWords.class)
    private Duration lasting = Duration.ofSeconds(10);

    @Option(names = "--rate", paramLabel = "RATE", description = "Steps of users a second. Default: ${DEFAULT-VALUE}.", defaultValue = "30")
    private String rate = "30";

    @Option(names = "--users", paramLabel = "COUNT", description = "Virtual users. Default: ${DEFAULT-VALUE}.", defaultValue = "10")
    private int users = 10;

    @Option(names = "--url", paramLabel = "URL", description = "What is asked for over and over, instead of virtual users of the sample application at the front door.")
    private Optional<URI> url = Optional.empty();

    @Option(names = "--own-writes", paramLabel = "URL", description = "With --url: an address with {key} in it, which stands for another word each time, that takes PUT and GET of a text: what was put must be shown at once. Users of the sample application look at its own pages.")
    private Optional<String> ownWrites = Optional.empty();

    @Option(names = "--abort-above", paramLabel = "PERCENT", description = "Lifts the fault and ends as soon as more of the requests of two seconds fail. Default: ${DEFAULT-VALUE}.", defaultValue = "5%", converter = ShareWords.class)
    private double abortAbove = 0.05;

    @Option(names = "--allow-remote", paramLabel = "WHY", description = "Why a --url or a database that is not on this machine may be used.")
    private Optional<String> allowRemote = Optional.empty();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    boolean json() {
        return json;
    }

    DrillOptions options(Running running, Optional<FaultKind> fault, Optional<String> target) {
        DrillOptions usual = DrillOptions.at(load(running));
        return new DrillOptions(usual.load(), fault, target, lasting, usual.steady(), abortAbove, ownWrites);
    }

    private LoadOptions load(Running running) {
        LoadOptionsEdit edit = url.map(at -> LoadOptions.at(at, Script.URL)).orElseGet(() -> LoadOptions.at(door(running), LoadCommand.scriptFor(running))).edit().rate(Rate.parse(rate)).users(users);
        allowRemote.ifPresent(edit::allowRemote);
        return edit.done();
    }

    private static URI door(Running running) {
        return running.frontDoor().stream().findFirst().map(URI::create)
                .orElseThrow(() -> new BanyanException(ErrorCode.SITE_IS_DOWN, "the running site has no front door yet; say what to ask for with --url"));
    }

    /** {@code 5%} as 0.05. */
    static final class ShareWords implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,6})?%")) {
                throw new TypeConversionException("a share is a number and %, as 5%, not '" + text + "'");
            }
            return Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
        }
    }
}
