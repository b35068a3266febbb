package dev.handloom.standalone.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.axonframework.serialization.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is in the log can be read for ever: class names, revisions and JSON are as approved. */
class StoredEventsTest {
    static List<Form> events() {
        return Form.of("stored-events.txt");
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_stored_under_its_approved_name_and_revision(Form form) {
        for (var event : form.values()) {
            var stored = Form.SERIALIZER.typeForClass(event.getClass());
            assertThat(stored.getName()).isEqualTo(form.type());
            assertThat(stored.getRevision()).isEqualTo(form.revision());
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_read_and_written_as_approved(Form form) {
        assertThat(form.current()).isNotEmpty();
        for (var document : form.current()) {
            assertThat(Form.write(form.read(document))).isEqualTo(document);
            assertThat(form.read(document)).isEqualTo(form.read(document));
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_field_that_a_newer_version_added_is_passed_over_at_every_level(Form form) {
        for (var document : form.current()) {
            var longer = (ObjectNode) JsonMapper.shared().readTree(document);
            addFields(longer);
            assertThat(longer.toString()).isNotEqualTo(document);
            assertThat(form.read(longer.toString())).isEqualTo(form.read(document));
        }
    }

    private static void addFields(ObjectNode object) {
        object.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode inner && !field.getKey().equals("metadata")) {
                addFields(inner);
            }
        });
        object.putObject("added_later").putArray("by").add("a newer version");
    }

    @Test
    void a_kind_that_nobody_knows_is_refused() {
        for (var form : events()) {
            for (var document : form.current()) {
                var unknown = document.replaceFirst("\"(type|kind)\":\"[a-z_.]+\"", "\"$1\":\"from_the_future\"");
                if (!unknown.equals(document)) {
                    assertThatThrownBy(() -> form.read(unknown)).as(unknown).isInstanceOf(RuntimeException.class);
                }
                var inner = document.replaceFirst("(:\\{\"(?:type|kind)\":)\"[a-z_.]+\"", "$1\"from_the_future\"");
                if (!inner.equals(document)) {
                    assertThatThrownBy(() -> form.read(inner)).as(inner).isInstanceOf(RuntimeException.class);
                }
            }
        }
    }

    @Test
    void no_event_is_without_an_approved_form() {
        var approved = events().stream().map(Form::type).toList();
        var declared = Families.classes(type -> type.isAnnotatedWith(Revision.class) && type.isRecord())
                .stream()
                .map(Class::getName)
                .toList();
        assertThat(declared).isNotEmpty();
        assertThat(approved).containsExactlyInAnyOrderElementsOf(declared);
    }

    /** An event without a revision could never be told from its successor. */
    @Test
    void every_member_of_a_family_of_events_has_a_revision() {
        var families = events().stream()
                .map(form -> form.values().getFirst().getClass().getInterfaces()[0])
                .distinct()
                .toList();
        for (var family : families) {
            assertThat(family.getPermittedSubclasses())
                    .filteredOn(member -> member != SessionEvent.Erased.class) // Never stored.
                    .allSatisfy(member -> assertThat(member.getAnnotation(Revision.class)).isNotNull());
        }
    }

    @Test
    void every_kind_of_input_output_and_stop_reason_and_every_constant_occurs_in_some_form() {
        Set<Object> met = new HashSet<>();
        events().forEach(form -> form.values().forEach(event -> Form.collect(event, met)));
        for (var type : List.copyOf(met)) {
            if (type instanceof Class<?> seen && seen.isRecord()) {
                assertThat(met).as("%s", seen).containsAll(Families.membersOfWhatOccursIn(seen));
            }
        }
    }

    @Test
    void json_names_are_unique_within_a_family() {
        var names = events().stream()
                .filter(form -> form.type().contains("SessionEvent"))
                .map(form -> JsonMapper.shared().readTree(form.current().getFirst()).path("type").asString())
                .toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(Objects::nonNull).doesNotContain("");
    }
}
