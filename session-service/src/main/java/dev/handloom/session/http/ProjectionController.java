package dev.handloom.session.http;

import dev.handloom.kit.http.Problem;
import dev.handloom.kit.projection.Parked;
import dev.handloom.kit.projection.Projections;
import dev.handloom.kit.projection.Standing;
import java.util.List;
import org.axonframework.config.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The projections themselves: where they stand, building them anew, what they could not handle (docs/PROJECTIONS.md). */
@RestController
@RequestMapping("/handloom/v1/projections")
class ProjectionController {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Projections projections;
    private final Configuration axon;

    ProjectionController(Projections projections, Configuration axon) {
        this.projections = projections;
        this.axon = axon;
    }

    record All(List<ObjectNode> data) {}

    @GetMapping
    All list() {
        return new All(projections.names().stream().map(this::shown).toList());
    }

    @GetMapping("/{name}")
    ObjectNode read(@PathVariable String name) {
        return shown(known(name));
    }

    private String known(String name) {
        if (!projections.names().contains(name)) {
            throw Problem.missing("projection " + name + " was not found");
        }
        return name;
    }

    private ObjectNode shown(String name) {
        var standing = projections.standing(name);
        var shown = JSON.createObjectNode().put("name", name).put("status", status(standing));
        rows(standing.live(), shown);
        var building = standing.building();
        if (building == null) {
            shown.putNull("rebuild");
        } else {
            rows(building, shown.putObject("rebuild").put("asked_at", standing.since().toString()));
        }
        return shown.put("removing_old_rows", standing.leaving());
    }

    private static String status(Standing standing) {
        if (standing.live().trouble() != null) {
            return "stopped";
        }
        if (standing.building() != null) {
            return "rebuilding";
        }
        return standing.live().reach().caughtUp() ? "caught_up" : "catching_up";
    }

    private static void rows(Standing.Row row, ObjectNode shown) {
        shown.put("generation", row.generation())
                .put("position", row.reach().position())
                .put("head", row.reach().head())
                .put("behind", row.reach().behind())
                .put("last_error", row.trouble());
        shown.putObject("dead_letters").put("sessions", row.parkedSessions()).put("events", row.parkedEvents());
    }

    /** Sagas have done things: an event that is handled twice would do them twice. */
    @PostMapping("/{name}/reset")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ObjectNode reset(@PathVariable String name) {
        if (!projections.names().contains(name)
                && axon.eventProcessingConfiguration().eventProcessors().containsKey(name)) {
            throw Problem.invalid(name + " cannot be reset: it is no projection of this kind");
        }
        projections.reset(known(name));
        return shown(name);
    }

    @GetMapping("/{name}/dead-letters")
    All deadLetters(@PathVariable String name) {
        return new All(projections.parked(known(name)).stream().map(ProjectionController::shown).toList());
    }

    private static ObjectNode shown(Parked parked) {
        return JSON.createObjectNode()
                .put("session_id", parked.sequence())
                .put("events", parked.events())
                .put("position", parked.position())
                .put("event_type", parked.eventType())
                .put("cause", parked.cause())
                .put("since", parked.since().toString())
                .put("tried_at", parked.triedAt().toString());
    }

    @PostMapping("/{name}/dead-letters/{session}/retry")
    ObjectNode retry(@PathVariable String name, @PathVariable String session) {
        requireParked(name, session);
        boolean handled = projections.retry(name, session);
        var answer = JSON.createObjectNode().put("session_id", session).put("handled", handled);
        answer.set("waiting", handled
                ? JSON.nullNode()
                : projections.parked(name)
                        .stream()
                        .filter(parked -> parked.sequence().equals(session))
                        .findFirst()
                        .map(ProjectionController::shown)
                        .orElse(null));
        return answer;
    }

    private void requireParked(String name, String session) {
        if (!projections.isParked(known(name), session)) {
            throw Problem.missing("no event of " + session + " waits in " + name);
        }
    }

    @DeleteMapping("/{name}/dead-letters/{session}")
    ObjectNode discard(@PathVariable String name, @PathVariable String session) {
        requireParked(name, session);
        return JSON.createObjectNode()
                .put("session_id", session)
                .put("discarded", projections.discard(name, session));
    }
}
