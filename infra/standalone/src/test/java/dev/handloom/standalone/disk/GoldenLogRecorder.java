package dev.handloom.standalone.disk;

import dev.handloom.api.session.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import tools.jackson.databind.JsonNode;

/** Records a golden log with the release that is about to be made. Run once for each, from this module's folder. */
final class GoldenLogRecorder {
    private static final String SCRIPT = """
            {"rules":[{"when":"weave","steps":[
              {"say":["I look ","it up."],"call":[
                {"name":"bash","input":{"command":"echo warp"}},
                {"name":"look_up","input":{"word":"weft"}}]},
              {"say":["It is done."]}]}],
             "otherwise":[{"say":["Hm."]}]}""";

    private GoldenLogRecorder() {}

    /** Arguments: the release, and an empty folder to work in. */
    public static void main(String[] arguments) throws IOException, SQLException {
        var log = new GoldenLog(arguments[0]);
        var data = Path.of(arguments[1]);
        var script = Files.writeString(data.resolve("script.json"), SCRIPT);
        try (var platform = Platform.on(data.resolve("data"), "handloom.model.rehearsal=" + script)) {
            var session = lived(platform);
            log.record(data.resolve("data"), session);
            log.approve(GoldenLog.made(platform, session));
        }
    }

    private static SessionId lived(Platform platform) {
        var agent = platform.newId("/v1/agents", """
                {"name":"weaver","model":"rehearsal","system":"You weave.","tools":[{"type":"agent_toolset_20260401"},
                  {"type":"custom","name":"look_up","description":"Looks a word up.",
                   "input_schema":{"type":"object","properties":{"word":{"type":"string"}}}}]}""");
        var session = platform.newSession(agent, platform.newEnvironment());
        platform.say(session, "weave");
        Platform.eventually("it waits for the client", () -> platform.status(session).equals("idle"));
        JsonNode call = platform.history(session, "agent.custom_tool_use").getFirst();
        platform.post("/v1/sessions/" + session + "/events", """
                {"events":[{"type":"user.custom_tool_result","custom_tool_use_id":"%s",
                  "content":[{"type":"text","text":"the thread across"}]}]}""".formatted(call.path("id").asString()));
        platform.rests(session, 2);
        platform.post("/v1/sessions/" + session, "{\"title\":\"A golden thread\",\"metadata\":{\"colour\":\"gold\"}}");
        platform.say(session, "and now?");
        platform.rests(session, 3);
        platform.post("/v1/sessions/" + session + "/archive", "");
        return new SessionId(session);
    }
}
