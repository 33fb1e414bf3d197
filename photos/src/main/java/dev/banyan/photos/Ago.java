package dev.banyan.photos;

import static dev.banyan.photos.Html.html;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How long ago something was, as people say it. */
final class Ago {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Ago() {}

    static Html of(Instant then, Instant now) {
        return html("<time datetime=\"{}\">{}</time>", then, text(then, now));
    }

    static String text(Instant then, Instant now) {
        Duration past = Duration.between(then, now);
        if (past.toMinutes() < 1) {
            return "just now";
        }
        if (past.toHours() < 1) {
            return past.toMinutes() + " min ago";
        }
        if (past.toDays() < 1) {
            return past.toHours() + " h ago";
        }
        return past.toDays() < 7 ? past.toDays() + (past.toDays() == 1 ? " day ago" : " days ago") : DAY.format(then);
    }
}
