package dev.handloom.api.sandbox;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What may be asked of the hands. */
public sealed interface SandboxCommand {
    SessionId sessionId();

    /**
     * Run a tool in the session's sandbox, provisioning one if there is none. Returns when the call is accepted; the
     * answer comes as a {@code RecordToolResult} command to the session. A repeated command for the same
     * {@code toolUseId} attaches to the running call or sends its kept result again.
     *
     * @param toolUseId     the event id of the {@code agent.tool_use}
     * @param name          a tool of the agent toolset: bash, read, write, edit, glob, grep
     * @param input         the tool's input object as the model wrote it
     * @param startedBefore the call was dispatched by a process that has died since: if it can be neither attached to
     *                      nor found finished, it must not run again and its outcome is reported as unknown
     */
    record ExecuteTool(
            @TargetAggregateIdentifier SessionId sessionId,
            String environmentId,
            String toolUseId,
            String name,
            Json input,
            boolean startedBefore
    ) implements SandboxCommand {}

    /** Kill the call's process group if it still runs. Its result, if any, is no longer wanted. */
    record CancelTool(@TargetAggregateIdentifier SessionId sessionId, String toolUseId) implements SandboxCommand {}

    /** The session is over: destroy its sandbox. */
    record ReleaseHand(@TargetAggregateIdentifier SessionId sessionId) implements SandboxCommand {}
}
