package dev.banyan.http.gateway.callers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches key sets, on threads that may block. Goes where the site file says and nowhere else: a redirect is a fault, for whoever could
 * redirect could be any caller.
 */
final class KeyFetch implements AutoCloseable {
    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[,\\s])max-age=([0-9]{1,9})(?:[,\\s]|$)");
    private static final Pattern NOT_KEPT = Pattern.compile("(?i)(?:^|[,\\s])no-(?:store|cache)(?:[,\\s]|$)");

    /**
     * A key set and how long its sender lets it be used.
     *
     * @param maxAge as {@code Cache-Control} says; zero where it says not to keep it
     */
    record Fetched(KeySet keys, Optional<Duration> maxAge) {}

    private final HttpClient client;

    KeyFetch(ExecutorService blocking) {
        client = HttpClient.newBuilder().executor(blocking).followRedirects(Redirect.NEVER).build();
    }

    /**
     * Blocks for as long as the whole exchange may take.
     *
     * @throws Unusable when it failed, with a sentence about why
     */
    Fetched fetch(URI url, Duration timeout) throws Unusable {
        HttpResponse<byte[]> answer = exchange(url, timeout);
        if (answer.statusCode() != 200) {
            String where = answer.headers().firstValue("Location").isPresent() ? ", a redirect, which is not followed: give the address it leads to" : "";
            throw new Unusable("it answers " + answer.statusCode() + where);
        }
        return new Fetched(KeySetReader.read(answer.body()), maxAge(answer.headers().firstValue("Cache-Control").orElse("")));
    }

    private HttpResponse<byte[]> exchange(URI url, Duration timeout) throws Unusable {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(timeout).header("Accept", "application/jwk-set+json, application/json").build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), KeySetReader.LARGEST));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Unusable("it did not answer whole within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Unusable("the fetch was cut short");
        } catch (ExecutionException e) {
            throw new Unusable(why(e.getCause()));
        }
    }

    private static String why(Throwable cause) {
        boolean tooLarge = cause instanceof IOException && String.valueOf(cause.getMessage()).contains("exceeds");
        return tooLarge ? "its answer is larger than " + KeySetReader.LARGEST + " bytes" : "it could not be reached or broke off (" + cause + ")";
    }

    private static Optional<Duration> maxAge(String cacheControl) {
        if (NOT_KEPT.matcher(cacheControl).find()) {
            return Optional.of(Duration.ZERO);
        }
        Matcher age = MAX_AGE.matcher(cacheControl);
        return age.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(age.group(1)))) : Optional.empty();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
