package dev.banyan.resp;

import dev.banyan.balance.Hash64;
import dev.banyan.resp.wire.Reply;
import java.util.List;

/** What nodes tell of changed keys (client tracking): {@code >2 invalidate} and a list of keys, or null for all. */
final class Invalidations {
    private Invalidations() {}

    static void tell(Reply push, NearCache cache) {
        if (!(push instanceof Reply.Push(List<Reply> items)) || items.size() != 2 || !(items.getFirst() instanceof Reply.Bulk kind) || !kind.text().equals("invalidate")) {
            return;
        }
        if (items.get(1) instanceof Reply.Array(List<Reply> keys)) {
            for (Reply key : keys) {
                if (key instanceof Reply.Bulk(byte[] bytes)) {
                    cache.invalidate(bytes, bytes.length, Hash64.of(bytes, 0, bytes.length));
                }
            }
        } else {
            cache.invalidateAll();
        }
    }
}
