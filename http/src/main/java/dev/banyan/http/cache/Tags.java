package dev.banyan.http.cache;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a response is purged by: {@code Surrogate-Key}, parted by blanks, and {@code Cache-Tag}, parted by commas. */
final class Tags {
    private static final int MOST = 128;
    private static final int LONGEST = 256;

    private Tags() {}

    /** The first 128 different ones of at most 256 characters. */
    static List<String> of(Fields response) {
        Set<String> tags = new LinkedHashSet<>();
        for (int i = 0; i < response.count(); i++) {
            if (response.name(i) == FieldName.SURROGATE_KEY) {
                add(response.value(i).split("[ \t]+"), tags);
            } else if (response.name(i) == FieldName.CACHE_TAG) {
                add(response.value(i).split("[ \t]*,[ \t]*"), tags);
            }
        }
        return new ArrayList<>(tags);
    }

    private static void add(String[] found, Set<String> tags) {
        for (String tag : found) {
            if (!tag.isEmpty() && tag.length() <= LONGEST && tags.size() < MOST) {
                tags.add(tag);
            }
        }
    }
}
