package dev.banyan.photos;

import static dev.banyan.photos.Html.html;
import static dev.banyan.photos.Html.when;

/** The frame of every page: head, navigation, footer; and the small pieces that several pages share. */
final class Layout {
    private static final int HUES = 12;

    private Layout() {}

    static Html page(Visit visit, String title, Html content) {
        return html("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{} · Photos</title>
                <link rel="stylesheet" href="{}">
                <link rel="icon" type="image/svg+xml" href="{}">
                <script src="{}" defer></script>
                </head>
                <body{}>
                <a class="skip" href="#content">Skip to the content</a>
                {}
                <main id="content">{}</main>
                <footer class="foot"><p>Photos, a small photo-sharing site. Served by <strong>{}</strong></p></footer>
                <div id="toasts" role="status" aria-live="polite"></div>
                </body>
                </html>
                """, title, Assets.url("photos.css"), Assets.url("icon.svg"), Assets.url("photos.js"),
                when(visit.viewer().isPresent(), () -> html(" data-live")), header(visit), content, visit.instance());
    }

    private static Html header(Visit visit) {
        return html("""
                <header class="top"><div class="bar">
                <a class="brand" href="/">{}<span>Photos</span></a>
                <form class="search" action="/search" role="search">{}<input name="q" type="search" placeholder="Search titles" aria-label="Search titles" maxlength="100"></form>
                <nav class="tabs" aria-label="Main">{}</nav>
                </div></header>
                """, Icon.LOGO.html(), Icon.SEARCH.html(), visit.viewer().map(viewer -> tabs(visit, viewer)).orElseGet(() -> doors(visit)));
    }

    private static Html tabs(Visit visit, Viewer viewer) {
        return html("{}{}{}{}", tab(visit, Visit.Tab.FEED, "/", Icon.HOME, "Feed"), tab(visit, Visit.Tab.EXPLORE, "/explore", Icon.EXPLORE, "Explore"),
                tab(visit, Visit.Tab.UPLOAD, "/upload", Icon.UPLOAD, "Upload"), tab(visit, Visit.Tab.PROFILE, "/u/" + viewer.name(), Icon.PERSON, "You"));
    }

    private static Html doors(Visit visit) {
        return html("{}<a class=\"tab\" href=\"/login\">{}<span>Log in</span></a><a class=\"tab strong\" href=\"/register\">{}<span>Join</span></a>",
                tab(visit, Visit.Tab.EXPLORE, "/explore", Icon.EXPLORE, "Explore"), Icon.PERSON.html(), Icon.HEART.html());
    }

    private static Html tab(Visit visit, Visit.Tab tab, String href, Icon icon, String label) {
        return html("<a class=\"tab\" href=\"{}\"{}>{}<span>{}</span></a>", href,
                when(visit.tab() == tab, () -> html(" aria-current=\"page\"")), icon.html(), label);
    }

    /** A round picture of a person: the first letter on a colour that stays theirs. */
    static Html avatar(String name, String displayName) {
        return html("<span class=\"avatar hue{}\" aria-hidden=\"true\">{}</span>", Math.floorMod(name.hashCode(), HUES),
                displayName.substring(0, displayName.offsetByCodePoints(0, 1)));
    }

    /** The hidden field that proves that a form came from this site. */
    static Html csrf(Visit visit) {
        return html("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", visit.csrf());
    }

    static Html button(Visit visit, String action, String style, String label) {
        return html("<form method=\"post\" action=\"{}\">{}<input type=\"hidden\" name=\"back\" value=\"{}\"><button class=\"button {}\">{}</button></form>",
                action, csrf(visit), visit.here(), style, label);
    }

    /** A message instead of content: nothing here yet, or something went wrong. */
    static Html notice(String title, String text, Html action) {
        return html("<section class=\"notice\"><h1>{}</h1><p>{}</p>{}</section>", title, text, action);
    }

    static Html link(String href, String label) {
        return html("<a class=\"button main\" href=\"{}\">{}</a>", href, label);
    }
}
