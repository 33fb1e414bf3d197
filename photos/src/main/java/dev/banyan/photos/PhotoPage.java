package dev.banyan.photos;

import static dev.banyan.photos.Html.each;
import static dev.banyan.photos.Html.html;
import static dev.banyan.photos.Html.when;

import java.util.List;

/** One photo, large, and the talk about it. */
final class PhotoPage {
    private PhotoPage() {}

    static Html of(Visit visit, PhotoView photo, Social.Profile owner, List<CommentView> comments) {
        return Layout.page(visit, photo.title(), html("""
                <article class="photo">
                <a class="stage" href="{}"><img src="{}" alt="{}" width="{}" height="{}"></a>
                <div class="talk">
                <header class="by">{}<p><a href="/u/{}"><strong>{}</strong></a> <span>{} followers</span></p>{}</header>
                <h1>{}</h1><p class="when">{}</p>
                <div class="under">{}<span class="act">{}<span>{}</span><span class="hidden"> comments</span></span><span class="quiet">{} views</span>{}</div>
                <section id="comments" aria-label="Comments">{}</section>{}
                </div></article>
                """, photo.url(), photo.url(), photo.title(), photo.width(), photo.height(),
                Layout.avatar(photo.owner(), photo.ownerName()), photo.owner(), photo.ownerName(), PhotoLists.count(owner.followers()),
                followButton(visit, owner), photo.title(), Ago.of(photo.createdAt(), visit.now()),
                PhotoLists.heart(visit, photo), Icon.COMMENT.html(), PhotoLists.count(photo.comments()), PhotoLists.count(photo.views()), deleteButton(visit, photo),
                comments.isEmpty() ? html("<p class=\"quiet\">No comments yet.</p>") : each(comments, comment -> comment(visit, comment)),
                commentForm(visit, photo)));
    }

    /** Follow or unfollow; nothing on one's own page and for those who are not signed in. */
    static Html followButton(Visit visit, Social.Profile profile) {
        return when(visit.viewer().isPresent() && !visit.is(profile.name()), () -> profile.followed()
                ? Layout.button(visit, "/u/" + profile.name() + "/unfollow", "quiet", "Following")
                : Layout.button(visit, "/u/" + profile.name() + "/follow", "main", "Follow"));
    }

    private static Html deleteButton(Visit visit, PhotoView photo) {
        return when(visit.is(photo.owner()), () -> html("""
                <details class="delete"><summary>Delete</summary><form method="post" action="/photos/{}/delete">{}
                <button class="button danger">Delete this photo</button></form></details>""", photo.id(), Layout.csrf(visit)));
    }

    private static Html comment(Visit visit, CommentView comment) {
        return html("<div class=\"comment\">{}<div><p><a href=\"/u/{}\"><strong>{}</strong></a> <span class=\"when\">{}</span></p><p class=\"said\">{}</p></div></div>",
                Layout.avatar(comment.author(), comment.authorName()), comment.author(), comment.authorName(),
                Ago.of(comment.createdAt(), visit.now()), comment.text());
    }

    /** Its idempotency key makes a double click, or a resend of the form, one comment. */
    private static Html commentForm(Visit visit, PhotoView photo) {
        return visit.viewer().isEmpty()
                ? html("<p class=\"quiet\"><a href=\"/login\">Log in</a> to comment.</p>")
                : html("""
                <form class="say" method="post" action="/photos/{}/comments">{}<input type="hidden" name="key" value="{}">
                <label class="hidden" for="text">Your comment</label>
                <textarea id="text" name="text" rows="2" maxlength="1000" required placeholder="Say something nice"></textarea>
                <button class="button main">Send</button></form>""", photo.id(), Layout.csrf(visit), Token.random().text());
    }
}
