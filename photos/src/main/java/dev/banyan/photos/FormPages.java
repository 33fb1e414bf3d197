package dev.banyan.photos;

import static dev.banyan.photos.Html.html;
import static dev.banyan.photos.Html.when;

/** Log in, join, upload. Each shows what was wrong with the last attempt above the form. */
final class FormPages {
    private FormPages() {}

    static Html logIn(Visit visit, String name, String wrong) {
        return box(visit, "Welcome back", wrong, html("""
                <form method="post" action="/login">{}{}{}<button class="button main wide">Log in</button></form>
                <p class="quiet">New here? <a href="/register">Join</a></p>""", Layout.csrf(visit),
                field("name", "Name", html("value=\"{}\" autocomplete=\"username\" autocapitalize=\"none\" maxlength=\"30\"", name)),
                field("password", "Password", html("type=\"password\" autocomplete=\"current-password\" maxlength=\"200\""))));
    }

    static Html register(Visit visit, String name, String displayName, String wrong) {
        return box(visit, "Join Photos", wrong, html("""
                <form method="post" action="/register">{}{}{}{}<button class="button main wide">Join</button></form>
                <p class="quiet">Already here? <a href="/login">Log in</a></p>""", Layout.csrf(visit),
                field("name", "Name (a-z, 0-9, _)", html("value=\"{}\" autocomplete=\"username\" autocapitalize=\"none\" pattern=\"[A-Za-z0-9_]{3,30}\" maxlength=\"30\"", name)),
                field("displayName", "How others see you", html("value=\"{}\" autocomplete=\"name\" maxlength=\"60\"", displayName)),
                field("password", "Password (8 characters or more)", html("type=\"password\" autocomplete=\"new-password\" minlength=\"8\" maxlength=\"200\""))));
    }

    static Html upload(Visit visit, String wrong) {
        return box(visit, "Share a photo", wrong, html("""
                <form method="post" action="/upload" enctype="multipart/form-data">{}
                <label class="drop">{}<img id="preview" alt="" hidden><span>Choose a JPEG, PNG, GIF or WebP, at most 10 MB</span>
                <input type="file" name="photo" accept="image/jpeg,image/png,image/gif,image/webp" required></label>
                {}<button class="button main wide">Share</button></form>""", Layout.csrf(visit), Icon.UPLOAD.html(),
                field("title", "Title", html("maxlength=\"120\" autocomplete=\"off\""))));
    }

    private static Html field(String name, String label, Html attributes) {
        return html("<label class=\"field\"><span>{}</span><input name=\"{}\" {} required></label>", label, name, attributes);
    }

    private static Html box(Visit visit, String title, String wrong, Html form) {
        return Layout.page(visit, title, html("<section class=\"box\"><h1>{}</h1>{}{}</section>", title,
                when(!wrong.isEmpty(), () -> html("<p class=\"wrong\" role=\"alert\">{}</p>", wrong)), form));
    }
}
