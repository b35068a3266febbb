package dev.handloom.harness.agents;

import dev.handloom.api.Json;
import dev.handloom.kit.http.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The field {@code model}: a model's id, or an object around it (contract/resources.md §1.1). */
final class ModelField {
    private static final int ID_CHARS_MAX = 256;
    private static final String[] EFFORTS = {"low", "medium", "high", "xhigh", "max"};

    private ModelField() {}

    /** @param stored the model it replaces: an effort is kept when the id stays and none is sent */
    static Json read(Fields body, @Nullable Json stored) {
        var value = body.value("model");
        if (value == null) {
            throw body.invalid("model", body.has("model") ? "cannot be cleared" : "is required");
        }
        var model = JsonMapper.shared().createObjectNode();
        if (value.isString()) {
            model.put("id", body.requireString("model", 1, ID_CHARS_MAX));
        } else {
            var fields = body.requireObject("model").know("id", "effort", "speed", "inference_geo");
            model.put("id", fields.requireString("id", 1, ID_CHARS_MAX));
            effort(fields, model);
            var speed = fields.optionalOneOf("speed", "standard", "fast");
            if (speed != null) {
                model.put("speed", speed);
            }
            var geo = fields.optionalOneOf("inference_geo", "us", "global");
            if (geo != null) {
                model.put("inference_geo", geo);
            }
        }
        if (!model.has("effort") && stored != null) {
            keepEffort(JsonMapper.shared().readTree(stored.text()), model);
        }
        return new Json(model.toString());
    }

    private static void effort(Fields fields, ObjectNode model) {
        var value = fields.value("effort");
        if (value == null) {
            return;
        }
        var level = value.isString()
                ? fields.requireOneOf("effort", EFFORTS)
                : fields.requireObject("effort").know("type").requireOneOf("type", EFFORTS);
        model.putObject("effort").put("type", level);
    }

    private static void keepEffort(JsonNode stored, ObjectNode model) {
        var effort = stored.get("effort");
        if (effort != null && stored.path("id").equals(model.path("id"))) {
            model.set("effort", effort);
        }
    }
}
