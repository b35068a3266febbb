package dev.handloom.harness.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.harness.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Goal: whatever a log says, each step is begun once and finished. Method: recorded histories, and random ones. */
class EffectsOverHistoriesTest {
    private static final Serializer SERIALIZER = Jackson3Serializer.builder().build();

    static Stream<History> histories() {
        return Stream.concat(History.recorded().stream(), LongStream.rangeClosed(1, 200).mapToObj(Sketch::of));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void each_step_is_begun_once_and_finished_when_the_log_says_so(History history) {
        var effects = Effects.NONE;
        var begun = new ArrayList<String>();
        var finished = new ArrayList<String>();
        for (var event : history.events()) {
            var next = effects.after(event);
            next.start().forEach(step -> begun.add(step.id()));
            finished.addAll(next.finish());
            assertThat(effects.open()).as("finishes only what is under way").containsAll(next.finish());
            effects = next.effects();
            if (event instanceof SessionEvent.StatusTerminated) {
                break; // The saga has ended.
            }
        }
        assertThat(begun).doesNotHaveDuplicates();
        assertThat(finished).doesNotHaveDuplicates();
        assertThat(begun).as("what is under way was begun").containsAll(effects.open());
        assertThat(effects.open()).isEqualTo(owed(history.events()));
    }

    /** What the log itself says is still to be done. */
    private static Set<String> owed(List<SessionEvent> log) {
        var owed = new HashSet<String>();
        for (var event : log) {
            switch (event) {
                case SessionEvent.ModelRequestStarted started -> owed.add(started.id());
                case SessionEvent.ModelRequestEnded ended -> owed.remove(ended.requestId());
                case SessionEvent.ToolRequested(var _, var use, var _) -> {
                    if (use.runner() == ToolRunner.HANDS && use.permission() == Permission.ALLOW) {
                        owed.add(use.id());
                    }
                }
                case SessionEvent.ToolApproved approved -> owed.add(approved.toolUseId());
                case SessionEvent.ToolAnswered answered -> owed.remove(answered.toolUseId());
                case SessionEvent.StatusTerminated _ -> owed.clear();
                case SessionEvent.Deleted _ -> owed.clear();
                case SessionEvent _ -> {}
            }
        }
        return owed;
    }

    @ParameterizedTest
    @MethodSource("histories")
    void an_event_that_is_delivered_twice_begins_nothing_new(History history) {
        var effects = Effects.NONE;
        var steps = new HashSet<Step>();
        for (var event : history.events()) {
            var once = effects.after(event);
            var twice = once.effects().after(event);
            assertThat(twice.effects()).isEqualTo(once.effects());
            steps.addAll(once.start());
            assertThat(twice.start()).as("requests and tools")
                    .noneMatch(step -> step instanceof Step.AskModel || step instanceof Step.RunTool);
            assertThat(steps).as("the ledger knows the others by their ids").containsAll(twice.start());
            assertThat(twice.finish()).isEmpty();
            effects = once.effects();
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void what_is_under_way_survives_being_written_down(History history) {
        var effects = Effects.NONE;
        for (var event : history.events()) {
            effects = effects.after(event).effects();
            Effects read = SERIALIZER.deserialize(SERIALIZER.serialize(effects, byte[].class));
            assertThat(read).isEqualTo(effects);
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void every_event_that_sets_something_going_wakes_the_saga(History history) {
        var effects = Effects.NONE;
        for (var event : history.events()) {
            var next = effects.after(event);
            if (!Effects.wakeUps().contains(event.getClass())) {
                assertThat(next).isEqualTo(new Effects.Next(effects, List.of(), List.of()));
            }
            effects = next.effects();
        }
    }
}
