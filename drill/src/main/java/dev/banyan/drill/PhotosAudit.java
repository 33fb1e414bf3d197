package dev.banyan.drill;

import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the writes of virtual users in the photos application, by its API. Its requests are not part of the load's figures. */
final class PhotosAudit implements Audit.Checker {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int NOT_FOUND = 404;

    private final Client client;
    private final Function<String, Session> sessionOf;

    /**
     * How to ask in a user's name.
     *
     * @param api their requests, with their cookies
     * @param token their session's; empty when they are signed out
     */
    record Session(PhotosApi api, String token) {}

    /** @param sessionOf gives a user's session: what they like and whom they follow is shown to them alone, and what they wrote to them first */
    PhotosAudit(Client client, Function<String, Session> sessionOf) {
        this.client = client;
        this.sessionOf = sessionOf;
    }

    @Override
    public OptionalInt copies(Ledger.Write write) {
        Session session = sessionOf.apply(write.about().getOrDefault("user", write.about().getOrDefault("name", "")));
        PhotosApi api = session.api();
        String token = session.token();
        return switch (write.kind()) {
            case "user" -> ask(api.profile(write.about().get("name"), token), json -> one(json.path("name").asString("").equals(write.about().get("name"))));
            case "like" -> ifSignedIn(session, ask(api.photo(photo(write), token), json -> one(json.path("liked").asBoolean(false))));
            case "follow" -> ifSignedIn(session, ask(api.profile(write.about().get("whom"), token), json -> one(json.path("followed").asBoolean(false))));
            case "photo" -> ask(api.search(write.key(), token), json -> count(json.path("photos"), "title", write.key()));
            case "comment" -> comments(write, session);
            default -> throw new IllegalArgumentException("the ledger has a write of the unknown kind '" + write.kind() + "'");
        };
    }

    /** A photo shows its latest hundred comments; one that is older is asked for by its own id, and a double of it is not seen. */
    private OptionalInt comments(Ledger.Write write, Session session) {
        OptionalInt shown = ask(session.api().comments(photo(write), session.token()), json -> count(json.path("comments"), "text", write.key()));
        boolean older = shown.isPresent() && shown.getAsInt() == 0 && write.acknowledged();
        return older ? ask(session.api().comment(Long.parseLong(write.where()), session.token()),
                json -> count(JSON.createArrayNode().add(json), "text", write.key())) : shown;
    }

    /** Without a valid session everything looks as if it were not there, and that tells nothing. */
    private OptionalInt ifSignedIn(Session session, OptionalInt copies) {
        boolean doubtful = copies.isPresent() && copies.getAsInt() == 0;
        return doubtful && ask(session.api().me(session.token()), me -> 1).orElse(0) == 0 ? OptionalInt.empty() : copies;
    }

    private static long photo(Ledger.Write write) {
        return Long.parseLong(write.about().get("photo"));
    }

    private OptionalInt ask(Request request, ToIntFunction<JsonNode> copies) {
        if (!(client.send(request) instanceof Outcome.Answered(Answer answer, Outcome.Times times))) {
            return OptionalInt.empty();
        }
        if (answer.status() == NOT_FOUND) {
            return OptionalInt.of(0);
        }
        try {
            return answer.status() == 200 ? OptionalInt.of(copies.applyAsInt(JSON.readTree(answer.body()))) : OptionalInt.empty();
        } catch (JacksonException e) {
            return OptionalInt.empty();
        }
    }

    private static int one(boolean there) {
        return there ? 1 : 0;
    }

    /** Keys end what they stand in, and none is the end of another. */
    private static int count(JsonNode list, String field, String key) {
        int count = 0;
        for (JsonNode each : list) {
            count += each.path(field).asString("").endsWith(" " + key) ? 1 : 0;
        }
        return count;
    }
}
