package dev.banyan.topology;

import java.util.regex.Pattern;

/** A site's name: a DNS label, so that it can stand in a host name, a metric label and a file name. */
public record SiteName(String value) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public SiteName {
        if (!LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException("a site's name is 1 to 63 lower-case letters, digits and inner hyphens, not '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
