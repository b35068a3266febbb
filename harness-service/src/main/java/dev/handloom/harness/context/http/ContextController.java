package dev.handloom.harness.context.http;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Viewed;
import dev.handloom.harness.context.PastCall;
import dev.handloom.harness.context.PastCalls;
import dev.handloom.kit.http.ExactJson;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the model saw in a session's n-th request: worked out again from the log with the policy that was recorded, and
 * held against the hash that was.
 */
@RestController
@RequestMapping("/handloom/v1/sessions")
class ContextController {
    private final PastCalls calls;

    ContextController(PastCalls calls) {
        this.calls = calls;
    }

    @GetMapping("/{id}/context")
    ObjectNode show(@PathVariable String id, Query query) {
        var number = query.integer("call", 1, Integer.MAX_VALUE);
        var session = session(id);
        var call = calls.find(session, number == null ? null : number.intValue());
        if (call == null) {
            throw Problem.missing(number == null
                    ? "session " + id + " was not found or has made no model request"
                    : "session " + id + " has no model request number " + number);
        }
        return show(call);
    }

    private static SessionId session(String id) {
        try {
            return new SessionId(id);
        } catch (IllegalArgumentException _) {
            throw Problem.missing("session " + id + " was not found");
        }
    }

    private static ObjectNode show(PastCall call) {
        var json = JsonMapper.shared().createObjectNode();
        json.put("call", call.number()).put("calls", call.calls()).put("request_id", call.requestId());
        json.put("position", call.position()).put("at", call.at().toString());
        var agent = call.agent();
        json.put("model", agent.modelId());
        var sight = call.sight();
        var recorded = call.viewed();
        if (recorded == null) {
            json.putNull("recorded");
        } else {
            show(json.putObject("recorded"), recorded);
        }
        json.put("check", check(recorded, sight.viewed()));
        show(json.putObject("shown"), sight.viewed());
        var system = agent.system();
        if (system == null) {
            json.putNull("system");
        } else {
            json.set("system", ExactJson.read(system));
        }
        blocks(json.putArray("tools"), agent.tools().definitions());
        var messages = json.putArray("messages");
        for (var message : sight.view().messages()) {
            blocks(messages.addObject().put("role", message.role()).putArray("content"), message.content());
        }
        return json;
    }

    /** Never passed over in silence: what cannot be proved is said. */
    private static String check(@Nullable Viewed recorded, Viewed shown) {
        if (recorded == null) {
            return "not_recorded";
        }
        return recorded.hash().equals(shown.hash()) ? "same" : "different";
    }

    private static void show(ObjectNode json, Viewed viewed) {
        json.set("policy", ExactJson.read(viewed.policy()));
        json.put("hash", viewed.hash()).put("messages", viewed.messages()).put("expected_tokens", viewed.expected());
        var tokens = viewed.tokens();
        json.putObject("estimated_tokens")
                .put("tools", tokens.tools())
                .put("system", tokens.system())
                .put("user", tokens.user())
                .put("assistant", tokens.assistant())
                .put("tool_results", tokens.results())
                .put("notes", tokens.notes())
                .put("total", tokens.total());
        var cuts = json.putArray("cuts");
        for (var cut : viewed.cuts()) {
            cuts.addObject()
                    .put("what", cut.what())
                    .put("why", cut.why())
                    .put("from", cut.from())
                    .put("to", cut.to())
                    .put("messages", cut.messages())
                    .put("tokens", cut.tokens());
        }
    }

    private static void blocks(ArrayNode to, List<Json> blocks) {
        blocks.forEach(block -> to.add(ExactJson.read(block)));
    }
}
