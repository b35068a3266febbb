package dev.handloom.standalone.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.axonframework.spring.stereotype.Saga;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Snapshots and sagas keep their form from one version to the next, or get a new revision. */
class StoredStatesTest {
    static List<Form> states() {
        return Form.of("stored-states.txt");
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_state_is_read_and_written_as_approved(Form form) {
        assertThat(form.current()).isNotEmpty();
        for (var document : form.current()) {
            assertThat(Form.write(form.read(document)))
                    .as("when the shape must change: a new revision for a snapshot, a readable older form for a saga")
                    .isEqualTo(document);
        }
        form.older().forEach(document -> assertThat(form.read(document)).isNotNull());
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_state_has_its_approved_revision(Form form) {
        var revision = form.values().getFirst().getClass().getAnnotation(Revision.class);
        assertThat(revision == null ? null : revision.value()).isEqualTo(form.revision());
    }

    @Test
    void every_saga_and_every_aggregate_with_snapshots_has_an_approved_form() {
        var sagas = Families.classes(type -> type.isAnnotatedWith(Saga.class));
        var aggregates = Families.classes(type -> type.isAnnotatedWith(Aggregate.class))
                .stream()
                .filter(type -> !snapshots(type).isEmpty())
                .toList();
        assertThat(sagas).isNotEmpty();
        assertThat(aggregates).isNotEmpty()
                .allSatisfy(type -> assertThat(type.getAnnotation(Revision.class)).isNotNull());
        assertThat(states().stream().map(Form::type))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(sagas.stream(), aggregates.stream())
                        .map(Class::getName)
                        .toList());
    }

    private static String snapshots(Class<?> aggregate) {
        return Objects.requireNonNull(aggregate.getAnnotation(Aggregate.class)).snapshotTriggerDefinition();
    }
}
