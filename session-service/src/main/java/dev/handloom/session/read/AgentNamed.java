package dev.handloom.session.read;

import dev.handloom.api.Json;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which agent a session runs, as its SessionAgent object says.
 *
 * @param model the model's id; empty when the object names none
 */
record AgentNamed(String id, int version, String model) {
    static AgentNamed in(Json sessionAgent) {
        var agent = JsonMapper.shared().readTree(sessionAgent.text());
        var model = agent.path("model");
        return new AgentNamed(agent.path("id").asString(""), agent.path("version").asInt(0),
                model.isString() ? model.asString() : model.path("id").asString(""));
    }
}
