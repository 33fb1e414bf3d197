package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The admin API's part on faults. */
final class FaultCalls {
    private final Faults faults;

    FaultCalls(Faults faults) {
        this.faults = faults;
    }

    /** All there is to know; the event {@code faults} of the stream is the same. */
    All all() {
        return new All(faults.active(), faults.past(), faults.possible());
    }

    Answer answer() {
        return Answer.json(200, all());
    }

    Answer inject(Call call) {
        Fault begun = faults.inject(FaultOrder.of(call.body()), call.who());
        return Answer.json(201, begun, Map.of("Location", "/api/faults/" + begun.number()));
    }

    Answer find(String number) {
        long wanted = number(number);
        return Answer.json(200, Stream.of(faults.active(), faults.past()).flatMap(List::stream).filter(fault -> fault.number() == wanted).findFirst().orElseThrow(() -> missing(number)));
    }

    Answer lift(String number, Call call) {
        return Answer.json(200, faults.lift(number(number), call.who()));
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw missing(text);
        }
        return Long.parseLong(text);
    }

    private static BanyanException missing(String number) {
        return new BanyanException(ErrorCode.NO_SUCH_THING, "there is no fault " + number + "; GET /api/faults lists them");
    }

    /** What GET /api/faults answers. */
    record All(List<Fault> active, List<Fault> past, List<Faults.Possible> possible) {}
}
