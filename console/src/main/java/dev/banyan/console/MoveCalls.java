package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Which move a call of the admin API speaks of: one to be planned, by its query, or one to be made, by its path and body. */
final class MoveCalls {
    private MoveCalls() {}

    /** @throws BanyanException USAGE */
    static Move planned(Call call) {
        return switch (call.query("do").orElse("")) {
            case "grow" -> new Move.Grow(call.number("to", 0, 99));
            case "apply" -> new Move.Apply();
            case "deploy" -> new Move.Deploy(call.query("service"));
            case "switchover" -> new Move.Switchover(call.query("to"));
            default -> throw new BanyanException(ErrorCode.USAGE, "say what to plan: /api/plan?do=grow&to=3, do=apply, do=deploy or do=switchover");
        };
    }

    /**
     * Of a whole site; what is asked of one server has its path.
     *
     * @throws BanyanException USAGE
     */
    static Move asked(Call call) {
        return switch (call.path()) {
            case "/api/grow" -> new Move.Grow(stage(call.body().get("to")));
            case "/api/deploy" -> new Move.Deploy(service(call.body().get("service")));
            case "/api/apply" -> new Move.Apply();
            case "/api/switchover" -> new Move.Switchover(server(call.body().get("to")));
            default -> throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no " + call.path());
        };
    }

    private static int stage(JsonNode to) {
        return Optional.ofNullable(to).filter(JsonNode::isInt).map(JsonNode::intValue)
                .orElseThrow(() -> new BanyanException(ErrorCode.USAGE, "say the stage to go to: {\"to\": 3}"));
    }

    /** A server's name, or none for Banyan to choose. */
    private static Optional<String> server(JsonNode to) {
        if (to == null || to.isNull()) {
            return Optional.empty();
        }
        if (!to.isString()) {
            throw new BanyanException(ErrorCode.USAGE, "say the replica that becomes the primary: {\"to\": \"db-2\"}, or {} for the furthest one");
        }
        return Optional.of(to.stringValue());
    }

    /** A service's name, or none for the application. */
    private static Optional<String> service(JsonNode name) {
        if (name == null || name.isNull()) {
            return Optional.empty();
        }
        if (!name.isString()) {
            throw new BanyanException(ErrorCode.USAGE, "say the service that is deployed: {\"service\": \"search\"}, or {} for the application");
        }
        return Optional.of(name.stringValue());
    }
}
