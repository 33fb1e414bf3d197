package dev.banyan.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One page in a real, headless Chromium, spoken to by the DevTools protocol. Collects what the page complains of. */
final class Chromium implements AutoCloseable, WebSocket.Listener {
    private static final int SECONDS = 20;
    private static final Map<String, Integer> CODES = Map.of("Enter", 13, "Escape", 27, "ArrowLeft", 37, "ArrowUp", 38, "ArrowRight", 39, "ArrowDown", 40);

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final StringBuilder half = new StringBuilder();

    /** The program, where it is installed. */
    static Optional<Path> installed() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .flatMap(folder -> List.of("chromium", "chromium-browser", "google-chrome").stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param profile an empty folder */
    Chromium(Path program, Path profile) throws Exception {
        this.profile = profile;
        List<String> command = new ArrayList<>(List.of(program.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank"));
        process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        URI browser = URI.create(address(process.errorReader()));
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest pages = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list")).build();
        JsonNode page = JsonMapper.shared().readTree(client.send(pages, HttpResponse.BodyHandlers.ofString()).body()).valueStream()
                .filter(each -> each.get("type").asString().equals("page")).findFirst().orElseThrow();
        socket = client.newWebSocketBuilder().buildAsync(URI.create(page.get("webSocketDebuggerUrl").asString()), this).get(SECONDS, TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log")) {
            ask(domain + ".enable", Map.of());
        }
    }

    /** What the page's console, its scripts or the browser said was wrong. */
    List<String> complaints() {
        return complaints;
    }

    /** Processor time that all of its processes have taken. */
    Duration spent() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO)).reduce(Duration.ZERO, Duration::plus);
    }

    void open(String url) {
        ask("Page.navigate", Map.of("url", url));
    }

    void size(int width, int height) {
        ask("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void prefer(String feature, String value) {
        ask("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    void press(String key) {
        String text = key.equals("Enter") ? "\r" : "";
        ask("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key, "text", text, "windowsVirtualKeyCode", CODES.get(key)));
        ask("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    /** The value of an expression in the page, as text. */
    String value(String expression) {
        JsonNode answer = ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.at("/result/value").asString();
    }

    /** Waits in the page until the expression is true, at most so long; says what it was if not. */
    void await(String expression, int millis) {
        String found = value("""
                new Promise(end => {
                  const began = performance.now();
                  const look = () => { try { return !!(%1$s); } catch { return false; } };
                  const again = () => look() ? end('yes') : performance.now() - began > %2$d ? end('no') : setTimeout(again, 30);
                  again();
                })""".formatted(expression, millis));
        if (!found.equals("yes")) {
            throw new AssertionError("not within " + millis + " ms: " + expression + "; the page says: " + value("document.body.innerText"));
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        half.append(text);
        if (last) {
            hear(JsonMapper.shared().readTree(half.toString()));
            half.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join();
        // Its locks are links to elsewhere, which JUnit would not like to delete.
        for (String lock : List.of("SingletonLock", "SingletonSocket", "SingletonCookie")) {
            profile.resolve(lock).toFile().delete();
        }
    }

    private JsonNode ask(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        socket.sendText(JsonMapper.shared().writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true).join();
        return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    private void hear(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> waiting = asked.remove(message.get("id").intValue());
            waiting.complete(message.has("result") ? message.get("result") : message);
            return;
        }
        JsonNode said = message.get("params");
        switch (message.get("method").asString()) {
            case "Runtime.exceptionThrown" -> complaints.add(said.at("/exceptionDetails/exception/description").asString());
            case "Runtime.consoleAPICalled" -> {
                if (said.get("type").asString().equals("error")) {
                    complaints.add(said.get("args").toString());
                }
            }
            case "Log.entryAdded" -> {
                if (said.at("/entry/level").asString().equals("error")) {
                    complaints.add(said.at("/entry/text").asString() + " " + said.at("/entry/url").asString());
                }
            }
            default -> {
                // All else is news, not a complaint.
            }
        }
    }

    private static String address(BufferedReader errors) throws IOException {
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith("DevTools listening on ")) {
                return line.substring("DevTools listening on ".length());
            }
        }
        throw new IOException("Chromium ended before it listened");
    }
}
