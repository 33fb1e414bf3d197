package dev.banyan.control;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Stage;
import java.time.Instant;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A journal entry as one line of JSON, both ways. */
final class JournalLine {
    private static final ObjectMapper JSON = new JsonMapper();

    private JournalLine() {}

    static String of(JournalEntry entry) {
        ObjectNode line = JSON.createObjectNode();
        switch (entry) {
            case JournalEntry.Begun(var move, var title, var steps, var at) ->
                    head(line, "begun", move, at).put("title", title).put("steps", steps);
            case JournalEntry.Doing(var move, var step, var at) -> head(line, "doing", move, at).put("step", step);
            case JournalEntry.Done(var move, var step, var at) -> head(line, "done", move, at).put("step", step);
            case JournalEntry.Undone(var move, var step, var at) -> head(line, "undone", move, at).put("step", step);
            case JournalEntry.Over(var move, var outcome, var at) -> head(line, "over", move, at).put("outcome", outcome);
            case JournalEntry.Committed(var move, var commitment) -> {
                head(line, "committed", move, commitment.at()).put("stage", commitment.stage().number());
                ObjectNode file = line.putObject("file").put("stage", commitment.file().stage().number());
                commitment.file().instances().ifPresent(instances -> file.put("instances", instances));
            }
        }
        return JSON.writeValueAsString(line);
    }

    /**
     * Reads a line back.
     *
     * @param where the file and line, for the message
     * @throws BanyanException DISK when it is not a whole entry
     */
    static JournalEntry parse(String text, String where) {
        try {
            JsonNode line = JSON.readTree(text);
            long move = line.required("move").asLong();
            Instant at = Instant.parse(line.required("at").asString());
            String kind = line.required("entry").asString();
            return switch (kind) {
                case "begun" -> new JournalEntry.Begun(move, line.required("title").asString(), line.required("steps").asInt(), at);
                case "doing" -> new JournalEntry.Doing(move, line.required("step").asString(), at);
                case "done" -> new JournalEntry.Done(move, line.required("step").asString(), at);
                case "undone" -> new JournalEntry.Undone(move, line.required("step").asString(), at);
                case "over" -> new JournalEntry.Over(move, line.required("outcome").asString(), at);
                case "committed" -> new JournalEntry.Committed(move, new Commitment(stage(line), wish(line.required("file")), at));
                default -> throw new IllegalArgumentException("unknown entry '" + kind + "'");
            };
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new BanyanException(ErrorCode.DISK, "the journal is damaged at " + where + " (" + e.getMessage().lines().findFirst().orElse("")
                    + "); move the file away and the site comes up as its site file says", e);
        }
    }

    private static ObjectNode head(ObjectNode line, String entry, long move, Instant at) {
        return line.put("entry", entry).put("move", move).put("at", at.toString());
    }

    private static Commitment.Wish wish(JsonNode file) {
        JsonNode instances = file.path("instances");
        return new Commitment.Wish(stage(file), instances.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(instances.asInt()));
    }

    private static Stage stage(JsonNode holder) {
        return Stage.of(holder.required("stage").asInt());
    }
}
