package dev.handloom.harness.model;

import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The models an agent may name, as the model's server lists them; asked at most every five minutes. */
@RestController
@RequestMapping("/v1/models")
class ModelController {
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final int LIMIT = 20;
    private static final int LIMIT_MAX = 1000;
    private static final List<String> NULLABLE = List.of("capabilities", "deprecated_at", "line", "max_input_tokens",
            "max_tokens", "retires_at");

    private record Known(List<ObjectNode> models, Instant at) {}

    private final Model model;
    private final Clock clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Known known;

    ModelController(Model model, Clock clock) {
        this.model = model;
        this.clock = clock;
    }

    @GetMapping
    ObjectNode list(Query query) {
        var models = models();
        var limit = query.integer("limit", 1, LIMIT_MAX);
        var after = query.one("after_id");
        var before = query.one("before_id");
        int from = after == null ? 0 : place(models, "after_id", after) + 1;
        int to = before == null ? models.size() : place(models, "before_id", before);
        int most = limit == null ? LIMIT : limit.intValue();
        boolean backwards = before != null && after == null;
        int start = backwards ? Math.max(from, to - most) : from;
        int end = backwards ? to : Math.min(to, from + most);
        var page = start < end ? models.subList(start, end) : List.<ObjectNode>of();
        var answer = JsonMapper.shared().createObjectNode();
        answer.putArray("data").addAll(page);
        answer.put("has_more", backwards ? start > from : end < to);
        answer.put("first_id", page.isEmpty() ? null : id(page.getFirst()));
        answer.put("last_id", page.isEmpty() ? null : id(page.getLast()));
        return answer;
    }

    private static int place(List<ObjectNode> models, String parameter, String id) {
        for (int i = 0; i < models.size(); i++) {
            if (id(models.get(i)).equals(id)) {
                return i;
            }
        }
        throw Problem.invalid(parameter, "is not the id of a model: " + id);
    }

    @GetMapping("/{id}")
    ObjectNode read(@PathVariable String id) {
        return models().stream()
                .filter(found -> id(found).equals(id))
                .findFirst()
                .orElseThrow(
                        () -> Problem.missing("model " + id + " was not found"));
    }

    private static String id(ObjectNode model) {
        return model.path("id").asString("");
    }

    private List<ObjectNode> models() {
        var fresh = fresh();
        if (fresh != null) {
            return fresh;
        }
        asking.lock();
        try {
            fresh = fresh();
            if (fresh == null) {
                fresh = whole(model.models());
                known = new Known(fresh, clock.instant());
            }
            return fresh;
        } catch (IOException | JacksonException failed) {
            throw Problem.unavailable("the model's server does not list its models: " + failed.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the server is stopping");
        } finally {
            asking.unlock();
        }
    }

    private @Nullable List<ObjectNode> fresh() {
        var found = known;
        return found != null && found.at().plus(KEPT).isAfter(clock.instant()) ? found.models() : null;
    }

    /** With every field the SDKs expect, because servers other than Anthropic's leave most of them out. */
    private static List<ObjectNode> whole(JsonNode listed) {
        var models = new ArrayList<ObjectNode>();
        for (var entry : listed.path("data")) {
            if (entry instanceof ObjectNode found && found.path("id").isString()) {
                var model = found.deepCopy().put("type", "model");
                putIfAbsent(model, "display_name", id(found));
                putIfAbsent(model, "created_at", Instant.EPOCH.toString());
                putIfAbsent(model, "lifecycle", "active");
                NULLABLE.forEach(name -> putIfAbsent(model, name, null));
                models.add(model);
            }
        }
        return List.copyOf(models);
    }

    private static void putIfAbsent(ObjectNode model, String name, @Nullable String value) {
        if (!model.has(name)) {
            model.put(name, value);
        }
    }
}
