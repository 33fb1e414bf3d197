package dev.banyan.drill;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Changes some of the options; {@link #done} gives the new ones. Owned by one thread. */
public final class LoadOptionsEdit {
    private final URI url;
    private final LoadOptions.Script script;
    private Rate rate;
    private Arrivals.Kind arrivals;
    private Duration duration;
    private long requests;
    private int users;
    private int connections;
    private Duration timeout;
    private Optional<String> expectText;
    private OptionalLong expectBytes;
    private Optional<String> expectSha256;
    private long maxFailed;
    private int websockets;
    private String wsPath;
    private Optional<Path> ledger;
    private Optional<String> allowRemote;

    LoadOptionsEdit(LoadOptions from) {
        url = from.url();
        script = from.script();
        rate = from.rate();
        arrivals = from.arrivals();
        duration = from.duration();
        requests = from.requests();
        users = from.users();
        connections = from.connections();
        timeout = from.timeout();
        expectText = from.expectText();
        expectBytes = from.expectBytes();
        expectSha256 = from.expectSha256();
        maxFailed = from.maxFailed();
        websockets = from.websockets();
        wsPath = from.wsPath();
        ledger = from.ledger();
        allowRemote = from.allowRemote();
    }

    public LoadOptionsEdit rate(Rate value) {
        rate = value;
        return this;
    }

    public LoadOptionsEdit arrivals(Arrivals.Kind value) {
        arrivals = value;
        return this;
    }

    public LoadOptionsEdit duration(Duration value) {
        duration = value;
        return this;
    }

    public LoadOptionsEdit requests(long value) {
        requests = value;
        return this;
    }

    public LoadOptionsEdit users(int value) {
        users = value;
        return this;
    }

    public LoadOptionsEdit connections(int value) {
        connections = value;
        return this;
    }

    public LoadOptionsEdit timeout(Duration value) {
        timeout = value;
        return this;
    }

    public LoadOptionsEdit expectText(String value) {
        expectText = Optional.of(value);
        return this;
    }

    public LoadOptionsEdit expectBytes(long value) {
        expectBytes = OptionalLong.of(value);
        return this;
    }

    public LoadOptionsEdit expectSha256(String value) {
        expectSha256 = Optional.of(value);
        return this;
    }

    public LoadOptionsEdit maxFailed(long value) {
        maxFailed = value;
        return this;
    }

    public LoadOptionsEdit websockets(int count, String path) {
        websockets = count;
        wsPath = path;
        return this;
    }

    public LoadOptionsEdit ledger(Path value) {
        ledger = Optional.of(value);
        return this;
    }

    public LoadOptionsEdit allowRemote(String why) {
        allowRemote = Optional.of(why);
        return this;
    }

    public LoadOptions done() {
        return new LoadOptions(url, script, rate, arrivals, duration, requests, users, connections, timeout, expectText, expectBytes, expectSha256,
                maxFailed, websockets, wsPath, ledger, allowRemote);
    }
}
