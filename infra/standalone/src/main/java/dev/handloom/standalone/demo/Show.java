package dev.handloom.standalone.demo;

import dev.handloom.api.session.SessionId;
import dev.handloom.standalone.terminal.Took;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One session on one server: made, spoken to, and followed until it rests. */
record Show(Api api) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A model of middling size where there is a choice: the task is small. */
    String chooseModel() throws IOException, InterruptedException, Failed {
        try {
            var models = api.get("/v1/models?limit=100").path("data");
            for (var listed : models) {
                if (id(listed).contains("sonnet")) {
                    return id(listed);
                }
            }
            if (!models.isEmpty()) {
                return id(models.get(0));
            }
            throw new Failed("the model's server lists no model; name one with --model");
        } catch (Api.Refused refused) {
            throw new Failed(refused.getMessage() + "; name a model with --model");
        }
    }

    SessionId prepare(String model) throws IOException, InterruptedException, Api.Refused {
        var environment = api.post("/v1/environments", JSON.createObjectNode().put("name", "demo"));
        var agent = JSON.createObjectNode().put("name", "demo").put("model", model).put("system", Task.SYSTEM);
        agent.putArray("tools").addObject().put("type", "agent_toolset_20260401");
        return new SessionId(id(api.post("/v1/sessions", JSON.createObjectNode()
                .put("title", "Find and fix a bug")
                .put("agent", id(api.post("/v1/agents", agent)))
                .put("environment_id", id(environment)))));
    }

    private static String id(JsonNode made) {
        return made.path("id").asString("");
    }

    /**
     * Sends the message and follows the session until it rests. The stream is open before anything is sent, so nothing
     * is missed.
     *
     * @param totals made when the message is about to be sent
     * @throws Failed when the session does not come to a good end within the time-out
     */
    void follow(SessionId session, Player player, Totals totals, Duration timeout)
            throws IOException, InterruptedException, Api.Refused, Failed {
        var path = "/v1/sessions/" + session.value() + "/events";
        var late = new AtomicBoolean();
        try (var listener = api.listen(path + "/stream?event_deltas%5B%5D=agent.message")) {
            CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
                late.set(true);
                hangUp(listener);
            });
            totals.said(System.nanoTime());
            api.post(path, message());
            listen(listener, player, totals);
        } catch (IOException broken) {
            if (late.get()) {
                throw new Failed("the session did not come to its end within " + Took.words(timeout));
            }
            throw broken;
        }
    }

    private static ObjectNode message() {
        var body = JSON.createObjectNode();
        body.putArray("events")
                .addObject()
                .put("type", "user.message")
                .putArray("content")
                .addObject()
                .put("type", "text")
                .put("text", Task.message());
        return body;
    }

    private static void hangUp(Listener listener) {
        try {
            listener.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void listen(Listener listener, Player player, Totals totals) throws IOException, Failed {
        String trouble = null;
        for (var event = listener.next(); event != null; event = listener.next()) {
            var heard = Heard.of(event);
            totals.add(heard, System.nanoTime());
            player.show(heard);
            if (heard instanceof Heard.Errored error) {
                trouble = error.error() + ": " + error.message();
            }
            if (end(heard, trouble)) {
                return;
            }
        }
        throw new Failed("the server ended the stream before the session was at its end");
    }

    private static boolean end(Heard heard, @Nullable String trouble) throws Failed {
        return switch (heard) {
            case Heard.Rested(var _, var reason) when reason.equals("end_turn") -> true;
            case Heard.Rested(var _, var reason) -> throw new Failed("the session stopped, " + reason
                    + (trouble == null ? "" : ": " + trouble));
            case Heard.Terminated _ -> throw new Failed("the session was terminated"
                    + (trouble == null ? "" : ": " + trouble));
            case Heard.TextBegan _ -> false;
            case Heard.TextGrew _ -> false;
            case Heard.Spoke _ -> false;
            case Heard.RequestBegan _ -> false;
            case Heard.RequestEnded _ -> false;
            case Heard.ToolAsked _ -> false;
            case Heard.ToolAnswered _ -> false;
            case Heard.Errored _ -> false;
            case Heard.Other _ -> false;
        };
    }
}
