package dev.banyan.topology.file;

import dev.banyan.topology.file.Shape.Fields;
import dev.banyan.topology.file.Tree.Entry;
import dev.banyan.topology.file.Tree.Items;
import java.util.List;
import java.util.Map;

/** What a record says of its keys as a group: exactly one of them, all or none of them. */
record KeyGroups(Findings findings) {
    void check(Fields fields, Map<String, Entry> given, Tree owner, String path) {
        exactlyOne(fields, given, owner, path);
        together(fields, given, path);
    }

    private void exactlyOne(Fields fields, Map<String, Entry> given, Tree owner, String path) {
        if (fields.exactlyOne().isEmpty()) {
            return;
        }
        List<String> there = given.keySet().stream().filter(fields.exactlyOne()::contains).toList();
        if (there.isEmpty()) {
            String wanted = String.join(" or ", fields.exactlyOne());
            findings.problem(owner.at(), path, "needs " + wanted + " and has neither");
        }
        for (String key : there.subList(Math.min(1, there.size()), there.size())) {
            findings.problem(given.get(key).key().at(), Names.beneath(path, key), "cannot stand beside " + there.getFirst() + ": give one of " + String.join(" and ", fields.exactlyOne()));
        }
        for (String key : there) {
            if (given.get(key).value() instanceof Items(List<Tree> items, At at, _) && items.isEmpty() && fields.field(key).orElseThrow().shape() instanceof Shape.Many) {
                findings.problem(at, Names.beneath(path, key), "is an empty list: name at least one");
            }
        }
    }

    private void together(Fields fields, Map<String, Entry> given, String path) {
        List<String> there = fields.together().stream().filter(given::containsKey).toList();
        if (there.isEmpty()) {
            return;
        }
        for (String key : fields.together()) {
            if (!given.containsKey(key)) {
                findings.problem(given.get(there.getFirst()).key().at(), Names.beneath(path, key), "is missing beside " + there.getFirst() + ": give both or neither");
            }
        }
    }
}
