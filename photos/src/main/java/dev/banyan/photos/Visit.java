package dev.banyan.photos;

import java.time.Instant;
import java.util.Optional;

/**
 * What every page needs to know about the request it answers.
 *
 * @param csrf what a form must carry: derived from the session, or for the login forms from a cookie of their own
 * @param tab the part of the site that is marked in the navigation
 */
record Visit(Optional<Viewer> viewer, String csrf, String instance, Tab tab, String here, Instant now) {
    enum Tab { FEED, EXPLORE, UPLOAD, PROFILE, NONE }

    Visit at(Tab tab) {
        return new Visit(viewer, csrf, instance, tab, here, now);
    }

    boolean is(String user) {
        return viewer.filter(it -> it.name().equals(user)).isPresent();
    }
}
