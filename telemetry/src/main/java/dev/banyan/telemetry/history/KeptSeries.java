package dev.banyan.telemetry.history;

import java.util.Optional;

/**
 * A series of which there is history.
 *
 * @param id {@code TARGET.what}, as {@code front-door.rate}
 * @param title what it is, in words: {@code requests a second}
 * @param unit {@code 1/s}, {@code ms}, {@code s}, {@code bytes}, {@code share} (0 to 1), {@code cores}; empty for a plain number
 * @param target a node's id, or {@code from>to} of an arrow, or {@code banyan}, its own process; empty for the site as a whole
 * @param fold how its values are put together where no other way is asked for
 */
public record KeptSeries(String id, String title, String unit, Optional<String> target, Fold fold) {}
