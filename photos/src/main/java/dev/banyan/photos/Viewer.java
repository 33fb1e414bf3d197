package dev.banyan.photos;

/** Who is signed in, and how: by the browser's cookie, or by an Authorization header that a script set on purpose. */
record Viewer(long id, String name, String displayName, Token token, boolean byCookie) {}
