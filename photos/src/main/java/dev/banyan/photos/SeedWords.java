package dev.banyan.photos;

import java.util.List;

/** What the seed's people are called and what they say. */
final class SeedWords {
    static final List<String> FIRST = List.of("Ada", "Amir", "Bea", "Chen", "Dalia", "Elif", "Emil", "Fatou", "Grace", "Hugo", "Ines",
            "Jonas", "Kaja", "Leo", "Mara", "Nia", "Olga", "Pablo", "Quinn", "Ravi", "Sofia", "Theo", "Uma", "Vera", "Wei", "Yara", "Zoe");
    static final List<String> LAST = List.of("Abe", "Berg", "Costa", "Diaz", "Eriksen", "Falk", "Gupta", "Haddad", "Ito", "Jansen",
            "Kim", "Lund", "Moreau", "Novak", "Okafor", "Park", "Rossi", "Silva", "Tanaka", "Weber", "Yilmaz");
    static final List<String> REMARKS = List.of("What a light!", "I can almost hear the wind.", "Where was this?", "The colours are unreal.",
            "This one goes on my wall.", "So calm.", "You must have got up early for this.", "Love the depth here.", "Again one of your best.",
            "The foreground makes it.", "Which lens was it?", "I was there last year, it looked nothing like this.", "Wonderful.", "More of these, please!",
            "The small lights in the back are my favourite part.", "Makes me want to pack my bag.");

    private SeedWords() {}
}
