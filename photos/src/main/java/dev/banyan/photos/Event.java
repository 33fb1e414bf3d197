package dev.banyan.photos;

/**
 * Something that followers may want to see at once.
 *
 * @param type {@code photo}, {@code like} or {@code comment}
 * @param actorId who did it
 * @param ownerId whose photo it is
 * @param text the comment's beginning, else empty
 */
record Event(String type, long actorId, String actor, String actorName, long photoId, String title, long ownerId, String text) {
    static final int MOST_TEXT = 200;

    Event {
        text = text.codePointCount(0, text.length()) <= MOST_TEXT ? text : text.substring(0, text.offsetByCodePoints(0, MOST_TEXT)) + "…";
    }
}
