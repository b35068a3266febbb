package dev.handloom.session.http;

import dev.handloom.api.turn.TurnCommand;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** Sets going again what a session's log says is unfinished (docs/POSITIONS.md). */
@RestController
class WakeController {
    private final Desk desk;
    private final CommandGateway commands;

    WakeController(Desk desk, CommandGateway commands) {
        this.desk = desk;
        this.commands = commands;
    }

    /**
     * What is unfinished and not the client's to do.
     *
     * @param openRequest the model request without an answer
     * @param dueCalls    tool calls that the hands owe
     * @param retry       the failed model request that will be made again
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Woken(@Nullable String openRequest, List<String> dueCalls, @Nullable String retry) {}

    @PostMapping("/handloom/v1/sessions/{id}/wake")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Woken wake(@PathVariable String id) {
        var state = desk.find(id);
        commands.sendAndWait(new TurnCommand.Wake(state.id()));
        return new Woken(state.openRequest(), state.dueCalls(), state.awaitedRetry());
    }
}
