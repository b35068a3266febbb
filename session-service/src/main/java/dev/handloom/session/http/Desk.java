package dev.handloom.session.http;

import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionId;
import dev.handloom.kit.http.Once;
import dev.handloom.kit.http.Problem;
import dev.handloom.session.read.States;
import dev.handloom.session.write.SessionState;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Takes commands in and hands answers out. Each refusal has its one HTTP answer; a new one does not compile without. */
@Component
class Desk {
    private final CommandGateway commands;
    private final States states;

    Desk(CommandGateway commands, States states) {
        this.commands = commands;
        this.states = states;
    }

    static SessionId id(String sessionId) {
        try {
            return new SessionId(sessionId);
        } catch (IllegalArgumentException _) {
            throw missing(sessionId);
        }
    }

    SessionState find(String sessionId) {
        return states.now(id(sessionId)).orElseThrow(() -> missing(sessionId));
    }

    static Problem missing(Object sessionId) {
        return Problem.missing("session " + sessionId + " was not found");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    <R> @Nullable R send(SessionCommand command) {
        try {
            return commands.sendAndWait(command);
        } catch (AggregateNotFoundException _) {
            throw missing(command.sessionId());
        } catch (CommandExecutionException failure) {
            throw failure.<Object>getDetails()
                    .map(details -> details instanceof Refusal refusal
                            ? problem(refusal)
                            : failure)
                    .orElse(failure);
        }
    }

    private static RuntimeException problem(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NoSuchSession(var id) -> missing(id);
            case Refusal.SessionTerminated(var id) -> Problem.invalid(
                    "session " + id + " is terminated; it takes no more events or changes");
            case Refusal.SessionRunning(var id, var action) -> Problem.invalid("session " + id
                    + " is running and cannot " + action + "; send user.interrupt and wait until it is idle");
            case Refusal.ActionRequired(var _, var ids) -> Problem.invalid("events",
                    "the session requires action first; answer " + String.join(", ", ids));
            case Refusal.UnknownToolUse(var _, var toolUseId) -> Problem.invalid("events",
                    "no tool use " + toolUseId + " waits for an answer");
            case Refusal.NotWaitingForConfirmation(var _, var toolUseId) -> Problem.invalid("events",
                    toolUseId + " waits for a user.custom_tool_result, not for a confirmation");
            case Refusal.WrongAnswerKind(var _, var toolUseId, var expected) -> Problem.invalid("events",
                    toolUseId + " takes another answer: " + expected);
            case Refusal.UnknownThread(var id, var threadId) -> Problem.invalid("events",
                    "session " + id + " has no thread " + threadId);
            case Refusal.QueueFull(var _, var max) -> Problem.invalid("events",
                    "the session already has " + max + " inputs waiting");
            case Refusal.KeyUsed _ -> Once.used();
            case Refusal.MetadataTooLarge(var _, var max) -> Problem.invalid("metadata",
                    "may have at most " + max + " pairs", "invalid_metadata");
        };
    }
}
