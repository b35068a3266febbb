package dev.handloom.session.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.StopReason;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds of every log at every length (contract/events.md §5, §13), and what the model may rely on: it is asked only
 * when every call is answered and there is something new to say.
 */
final class LogInvariants {
    private final Map<String, AgentOutput.ToolUse> uses = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> allowed = new HashSet<>();
    private final Set<String> started = new HashSet<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, Input> queued = new HashMap<>();
    private final Set<String> requests = new HashSet<>();
    private @Nullable String request;
    private @Nullable SessionEvent before;
    private Instant last = Instant.MIN;
    private String status = "idle";
    private boolean somethingNew;
    private boolean over;

    static void hold(List<SessionEvent> log) {
        var invariants = new LogInvariants();
        log.forEach(invariants::next);
    }

    private void next(SessionEvent event) {
        assertThat(event.at()).as("time of %s", event).isAfterOrEqualTo(last);
        last = event.at();
        if (over) {
            assertThat(event).as("after the end")
                    .isInstanceOfAny(SessionEvent.Archived.class,
                            SessionEvent.Deleted.class, SessionEvent.TokensSpent.class);
        }
        switch (event) {
            case SessionEvent.Created _ -> assertThat(before).isNull();
            case SessionEvent.Erased _ -> throw new AssertionError("stored by nobody: " + event);
            case SessionEvent.Forked _ -> {}
            case SessionEvent.RequestRecorded _ -> {}
            case SessionEvent.StatusRunning e -> becomes("running", e.id(), "idle", "rescheduling");
            case SessionEvent.StatusRescheduled e -> becomes("rescheduling", e.id(), "running");
            case SessionEvent.StatusIdle e -> idle(e);
            case SessionEvent.StatusTerminated e -> {
                becomes("terminated", e.id(), "idle", "running");
                over = true;
            }
            case SessionEvent.ThreadRunning e -> {
                assertThat(before).isInstanceOf(SessionEvent.StatusRunning.class);
                unique(e.id());
            }
            case SessionEvent.ThreadRescheduled e -> unique(e.id());
            case SessionEvent.ThreadIdle e -> {
                assertThat(status).isIn("running", "rescheduling", "idle");
                unique(e.id());
            }
            case SessionEvent.ThreadTerminated e -> unique(e.id());
            case SessionEvent.UsageReported e -> {
                assertThat(e.activeSeconds()).isNotNegative();
                unique(e.id());
            }
            case SessionEvent.Errored e -> unique(e.id());
            case SessionEvent.Updated e -> unique(e.id());
            case SessionEvent.InputReceived e -> received(e);
            case SessionEvent.InputTaken e -> {
                var input = queued.remove(e.id());
                assertThat(input).as("taken up once: %s", e.id()).isNotNull();
                somethingNew |= !e.flushed();
            }
            case SessionEvent.ModelRequestStarted e -> asked(e);
            case SessionEvent.ModelRequestEnded e -> {
                assertThat(e.requestId()).as("ended request").isEqualTo(request);
                request = null;
                unique(e.id());
            }
            case SessionEvent.ModelRetryScheduled e -> {
                assertThat(requests).contains(e.requestId());
                somethingNew = true;
            }
            case SessionEvent.AgentSpoke e -> {
                assertThat(request).isNotNull();
                unique(e.output().id());
            }
            case SessionEvent.ToolRequested e -> {
                assertThat(request).isNotNull();
                unique(e.use().id());
                uses.put(e.use().id(), e.use());
            }
            case SessionEvent.ToolApproved e -> assertThat(allowed).contains(e.toolUseId());
            case SessionEvent.ToolStarted e -> start(e.toolUseId());
            case SessionEvent.ToolAnswered e -> {
                unique(e.id());
                answer(e.toolUseId());
            }
            case SessionEvent.Deleted e -> {
                unique(e.id());
                over = true;
            }
            case SessionEvent.NoteWritten e -> unique(e.id());
            case SessionEvent.NoteBegun _,SessionEvent.NoteFailed _ -> {}
            case SessionEvent.Archived _,SessionEvent.TokensSpent _ -> {}
        }
        before = event;
    }

    private void unique(String id) {
        assertThat(ids.add(id)).as("id %s is used once", id).isTrue();
    }

    private void becomes(String next, String id, String... from) {
        assertThat(status).as("before %s", next).isIn((Object[]) from);
        status = next;
        unique(id);
    }

    private void idle(SessionEvent.StatusIdle idle) {
        assertThat(before).as("session.usage is directly before idle").isInstanceOf(SessionEvent.UsageReported.class);
        assertThat(request).as("nothing is asked while idle").isNull();
        if (idle.stopReason() instanceof StopReason.RequiresAction(var owed)) {
            assertThat(owed).isNotEmpty()
                    .doesNotHaveDuplicates()
                    .allSatisfy(id -> {
                        assertThat(uses).containsKey(id);
                        assertThat(answered).doesNotContain(id);
                        assertThat(allowed).doesNotContain(id);
                        assertThat(clientOwes(uses.get(id))).isTrue();
                    });
            assertThat(owed).as("everything that is owed")
                    .hasSameElementsAs(uses.values()
                            .stream()
                            .filter(use -> !answered.contains(use.id()) && !allowed.contains(use.id())
                                    && clientOwes(use))
                            .map(AgentOutput.ToolUse::id)
                            .toList());
            becomes("idle", idle.id(), "running", "idle");
        } else {
            assertThat(answered).as("a finished turn leaves no call open").containsAll(uses.keySet());
            becomes("idle", idle.id(), "running", "rescheduling", "idle");
        }
    }

    private static boolean clientOwes(AgentOutput.@Nullable ToolUse use) {
        return use != null && use.permission() != Permission.DENY
                && (use.runner() == ToolRunner.CLIENT || use.permission() == Permission.ASK);
    }

    private void received(SessionEvent.InputReceived received) {
        unique(received.id());
        if (received.queued()) {
            assertThat(received.input()).isInstanceOfAny(Input.Message.class, Input.SystemMessage.class);
            queued.put(received.id(), received.input());
            return;
        }
        switch (received.input()) {
            case Input.Message _ -> somethingNew = true;
            case Input.SystemMessage _ -> somethingNew = true;
            case Input.CustomToolResult(var id, var _, var _) -> answer(id);
            case Input.ToolResult(var id, var _, var _) -> answer(id);
            case Input.ToolConfirmation(var id, var allow, var _) -> {
                assertThat(uses).containsKey(id);
                assertThat(answered).doesNotContain(id);
                if (allow) {
                    assertThat(allowed.add(id)).as("allowed once").isTrue();
                }
            }
            case Input.Interrupt _ -> {}
        }
    }

    private void asked(SessionEvent.ModelRequestStarted asked) {
        assertThat(status).as("the model is asked while running").isEqualTo("running");
        assertThat(request).as("one request at a time").isNull();
        assertThat(answered).as("the model is asked when every call is answered").containsAll(uses.keySet());
        assertThat(somethingNew || pausedOrRefusedTools()).as("there is something new to say").isTrue();
        unique(asked.id());
        requests.add(asked.id());
        request = asked.id();
        somethingNew = false;
    }

    /** The model paused its turn itself, and goes on with what it said last. */
    private boolean pausedOrRefusedTools() {
        return before instanceof SessionEvent.ModelRequestEnded;
    }

    private void start(String id) {
        assertThat(uses).containsKey(id);
        var use = Objects.requireNonNull(uses.get(id));
        assertThat(answered).doesNotContain(id);
        assertThat(started.add(id)).as("%s starts once", id).isTrue();
        assertThat(use.runner()).isNotEqualTo(ToolRunner.CLIENT);
        assertThat(use.permission() == Permission.ALLOW || allowed.contains(id)).as("%s may run", id).isTrue();
    }

    private void answer(String id) {
        assertThat(uses).containsKey(id);
        assertThat(answered.add(id)).as("%s is answered once", id).isTrue();
        somethingNew = true;
    }
}
