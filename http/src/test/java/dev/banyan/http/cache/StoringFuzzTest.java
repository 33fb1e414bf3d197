package dev.banyan.http.cache;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.http.cache.Reuse.Act;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What any request and any response decide (docs/fuzzing.md). */
class StoringFuzzTest {
    private static final int MOST_FIELDS = 100;

    private final Storing storing = new Storing(CacheRules.USUAL);
    private final Validation validation = new Validation(storing);
    private final SelectingFields selecting = new SelectingFields();

    /** The first line is a Vary, the others are a request's fields: a request always selects what answered it, and the same request twice the same. */
    @FuzzTest(maxDuration = "90s")
    void vary(byte[] bytes) {
        int split = 0;
        while (split < bytes.length && bytes[split] != '\n') {
            split++;
        }
        Fields response = fields("Vary: ", Arrays.copyOf(bytes, split));
        Fields request = fields("X: ", Arrays.copyOfRange(bytes, Math.min(split + 1, bytes.length), bytes.length));
        if (response == null || request == null) {
            return;
        }
        Optional<StoredHead.Vary> vary = selecting.of(response, request);
        vary.ifPresent(stored -> {
            require(selecting.match(stored, request), "a request does not select what answered it");
            require(stored.names().size() <= 16 && stored.names().size() == stored.values().size(), "names and values do not fit");
            require(selecting.of(response, request).equals(vary), "another value the second time");
        });
    }

    /**
     * A response's head, an empty line, a request's: what is stored is a head that can be read and holds nothing of the hop; it is used fresh only for as
     * long as it says, and never when it must not be; a validation keeps what the content depends upon.
     */
    @FuzzTest(maxDuration = "90s")
    void storing(byte[] bytes) {
        ResponseHead response = new ResponseHead();
        if (response.read(bytes, 0, bytes.length, MOST_FIELDS) != HeadVerdict.WHOLE) {
            return;
        }
        RequestHead request = new RequestHead();
        if (request.read(bytes, response.end(), bytes.length, MOST_FIELDS) != HeadVerdict.WHOLE) {
            request = Messages.request("GET /a");
        }
        RequestRules rules = new RequestRules();
        rules.read(request);
        Invalidation.urls("https://shop.example/a", request.method(), response);
        if (storing.decide(rules, response, Messages.NOON, Messages.NOON) instanceof Storing.Store(StoredHead head)) {
            requireStored(rules, head);
            StoredHead merged = validation.merge(rules, head, response, Messages.NOON, Messages.NOON + 1000);
            requireStored(rules, merged);
            validation.freshen(rules, head, 5, response, Messages.NOON, Messages.NOON);
            Validation.confirmed(List.of(head, merged), 0, response, Messages.NOON);
        }
    }

    private void requireStored(RequestRules request, StoredHead head) {
        Fields lines = fields("X: y\r\n" + new String(head.fields(), StandardCharsets.ISO_8859_1), new byte[0]);
        require(lines != null, "what is stored is no head");
        for (int i = 0; i < lines.count(); i++) {
            switch (lines.name(i)) {
                case CONNECTION, KEEP_ALIVE, TE, UPGRADE, TRANSFER_ENCODING, CONTENT_LENGTH, AGE, SET_COOKIE, PROXY_AUTHENTICATE -> require(false, lines.name(i) + " is stored");
                default -> { }
            }
        }
        require(head.lifetime().fresh() >= 0 && head.initialAgeMillis() >= 0, "a lifetime or an age below zero");
        boolean reads = request.head().method() == Method.GET || request.head().method() == Method.POST;
        require(reads, "an answer to another method is stored");
        long end = Messages.NOON + (head.lifetime().fresh() + 1) * 1000;
        Reuse then = Reuse.decide(head, Messages.asked(), end + 1000, CacheRules.USUAL);
        require(then != Reuse.FRESH, "fresh after its lifetime");
        Reuse now = Reuse.decide(head, Messages.asked(), Messages.NOON, CacheRules.USUAL);
        require(!head.lifetime().noCache() || now.act() == Act.VALIDATE || now.act() == Act.FETCH, "used without validation");
        Conditions.of(request, head, 100, Messages.NOON);
    }

    private static Fields fields(String before, byte[] value) {
        byte[] first = before.getBytes(StandardCharsets.ISO_8859_1);
        boolean ended = before.endsWith("\r\n");
        byte[] all = Arrays.copyOf(first, first.length + value.length + (ended ? 2 : 4));
        System.arraycopy(value, 0, all, first.length, value.length);
        byte[] end = (ended ? "\r\n" : "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(end, 0, all, all.length - end.length, end.length);
        Fields fields = new Fields();
        return fields.read(all, 0, all.length, MOST_FIELDS) == HeadVerdict.WHOLE ? fields : null;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
