package dev.banyan.http.cache;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.ResponseHead;
import java.util.ArrayList;
import java.util.List;

/** Which stored responses a request that changed something makes unusable (RFC 9111 section 4.4). */
public final class Invalidation {
    private Invalidation() {}

    /**
     * The URLs whose stored responses are to be used no more without validation.
     *
     * @param url the request's own, {@code https://host/path?query}
     * @param response its final answer
     * @return none when the method is safe or the answer no success; else the request's own and those of the same origin that the answer's {@code Location}
     *     and {@code Content-Location} name, without dot segments and fragments
     */
    public static List<String> urls(String url, Method method, ResponseHead response) {
        if (method.safe() || response.status() < 200 || response.status() >= 400) {
            return List.of();
        }
        List<String> urls = new ArrayList<>(List.of(url));
        String own = Targets.resolve(url, "");
        Fields fields = response.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.LOCATION || fields.name(i) == FieldName.CONTENT_LOCATION) {
                String named = Targets.resolve(own, fields.value(i));
                if (!named.isEmpty() && Targets.sameOrigin(named, own) && !urls.contains(named)) {
                    urls.add(named);
                }
            }
        }
        return urls;
    }
}
