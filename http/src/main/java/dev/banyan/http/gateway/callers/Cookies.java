package dev.banyan.http.gateway.callers;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import java.util.StringJoiner;

/** One cookie among those of a request, by its name, letter for letter (RFC 6265 section 5.4). */
record Cookies(String name) {
    /** Its value; null when it is not there; "" also when it is there twice, which could be read in two ways. */
    String find(Fields fields) {
        String found = null;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) != FieldName.COOKIE) {
                continue;
            }
            for (String pair : fields.value(i).split(";")) {
                if (named(pair)) {
                    found = found == null ? pair.substring(pair.indexOf('=') + 1).strip() : "";
                }
            }
        }
        return found;
    }

    private boolean named(String pair) {
        int equals = pair.indexOf('=');
        return equals > 0 && pair.substring(0, equals).strip().equals(name);
    }

    /** Leaves the others only in what the service gets. */
    void strip(Call call) {
        Fields fields = call.head().fields();
        if (find(fields) == null) {
            return;
        }
        StringJoiner others = new StringJoiner("; ");
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.COOKIE) {
                others(fields.value(i), others);
            }
        }
        call.request().remove("Cookie");
        if (others.length() > 0) {
            call.request().add(new FieldLine("Cookie", others.toString()));
        }
    }

    private void others(String list, StringJoiner others) {
        for (String pair : list.split(";")) {
            if (!named(pair) && !pair.isBlank()) {
                others.add(pair.strip());
            }
        }
    }
}
