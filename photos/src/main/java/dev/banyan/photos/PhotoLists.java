package dev.banyan.photos;

import static dev.banyan.photos.Html.each;
import static dev.banyan.photos.Html.html;
import static dev.banyan.photos.Html.when;

import java.util.List;

/** Many photos on one page: the feed's column of cards, and the grid of tiles for everything else. */
final class PhotoLists {
    private PhotoLists() {}

    static Html feed(Visit visit, PhotoView.Slice slice, List<Social.Person> suggestions) {
        Html stream = slice.photos().isEmpty()
                ? Layout.notice("Your feed is empty", "Follow some people, and their photos appear here.", Layout.link("/explore", "Explore"))
                : each(slice.photos(), photo -> card(visit, photo));
        return Layout.page(visit, "Feed", html("""
                <div class="feed"><div class="stream" id="list"><h1 class="hidden">Your feed</h1>{}</div>
                <aside class="beside" aria-label="People">{}{}</aside></div>{}""",
                stream, you(visit), suggestions(visit, suggestions), older(visit, slice)));
    }

    private static Html you(Visit visit) {
        return visit.viewer().map(viewer -> html("""
                <div class="person">{}<p><a href="/u/{}"><strong>{}</strong></a><span>@{}</span></p>{}</div>""",
                Layout.avatar(viewer.name(), viewer.displayName()), viewer.name(), viewer.displayName(), viewer.name(),
                Layout.button(visit, "/logout", "quiet", "Log out"))).orElse(Html.NOTHING);
    }

    private static Html suggestions(Visit visit, List<Social.Person> people) {
        return when(!people.isEmpty(), () -> html("<h2>People to follow</h2>{}", each(people, person -> html("""
                <div class="person">{}<p><a href="/u/{}"><strong>{}</strong></a><span>{} followers</span></p>{}</div>""",
                Layout.avatar(person.name(), person.displayName()), person.name(), person.displayName(), count(person.followers()),
                Layout.button(visit, "/u/" + person.name() + "/follow", "quiet", "Follow")))));
    }

    private static Html card(Visit visit, PhotoView photo) {
        return html("""
                <article class="card">
                <header class="by">{}<p><a href="/u/{}"><strong>{}</strong></a> <span>{}</span></p></header>
                <a class="shot" href="/photos/{}"><img src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async"></a>
                <div class="under">{}<a class="act" href="/photos/{}#comments">{}<span>{}</span><span class="hidden"> comments</span></a></div>
                <h2><a href="/photos/{}">{}</a></h2>
                </article>
                """, Layout.avatar(photo.owner(), photo.ownerName()), photo.owner(), photo.ownerName(), Ago.of(photo.createdAt(), visit.now()),
                photo.id(), photo.thumbnailUrl(), photo.title(), photo.width(), photo.height(),
                heart(visit, photo), photo.id(), Icon.COMMENT.html(), count(photo.comments()), photo.id(), photo.title());
    }

    /** A button for those who are signed in, else the number alone. */
    static Html heart(Visit visit, PhotoView photo) {
        if (visit.viewer().isEmpty()) {
            return html("<a class=\"act\" href=\"/login\">{}<span>{}</span><span class=\"hidden\"> likes; log in to like</span></a>",
                    Icon.HEART.html(), count(photo.likes()));
        }
        return html("""
                <form method="post" action="/photos/{}/{}" data-like="{}">{}<input type="hidden" name="back" value="{}">
                <button class="act heart" aria-pressed="{}" aria-label="Like">{}<span>{}</span></button></form>""",
                photo.id(), photo.liked() ? "unlike" : "like", photo.id(), Layout.csrf(visit), visit.here(), photo.liked(),
                Icon.HEART.html(), count(photo.likes()));
    }

    /** The grid, with what stands above it. */
    static Html grid(Visit visit, Html head, PhotoView.Slice slice, Html whenEmpty) {
        return html("{}{}{}", head, slice.photos().isEmpty() ? whenEmpty
                : html("<div class=\"grid\" id=\"list\">{}</div>", each(slice.photos(), PhotoLists::tile)), older(visit, slice));
    }

    private static Html tile(PhotoView photo) {
        return html("""
                <article class="tile"><a href="/photos/{}"><img src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">
                <span class="caption"><strong>{}</strong><span>{}<span class="likes">{}{}<span class="hidden"> likes</span></span></span></span></a></article>
                """, photo.id(), photo.thumbnailUrl(), photo.width(), photo.height(), photo.title(), photo.ownerName(),
                Icon.HEART.html(), count(photo.likes()));
    }

    private static Html older(Visit visit, PhotoView.Slice slice) {
        return when(slice.before() != null, () -> html("<p class=\"older\"><a class=\"button quiet\" rel=\"next\" href=\"{}\">Older photos</a></p>",
                withBefore(visit.here(), slice.before())));
    }

    private static String withBefore(String here, long before) {
        String without = here.replaceAll("([?&])before=[^&]*&?", "$1").replaceAll("[?&]$", "");
        return without + (without.contains("?") ? "&" : "?") + "before=" + before;
    }

    /** 999, 1.2k, 34k, 1.2M. */
    static String count(long number) {
        if (number < 1_000) {
            return Long.toString(number);
        }
        String unit = number < 1_000_000 ? "k" : "M";
        long tenths = number / (number < 1_000_000 ? 100 : 100_000);
        return tenths < 100 && tenths % 10 != 0 ? tenths / 10 + "." + tenths % 10 + unit : tenths / 10 + unit;
    }
}
