package dev.handloom.standalone.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What services say to one another keeps its form, so that processes of two versions understand each other. */
class MessagesTest {
    static List<Form> messages() {
        return Form.of("messages.txt");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_message_arrives_as_it_was_sent(Form form) {
        assertThat(form.current()).isNotEmpty();
        for (var document : form.current()) {
            var message = form.read(document);
            assertThat(Form.write(message)).isEqualTo(document);
            assertThat(message.getClass().getName()).isEqualTo(form.type());
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_field_that_a_newer_version_sends_is_passed_over(Form form) {
        for (var document : form.current()) {
            if (document.startsWith("{")) {
                var longer = document.equals("{}") ? "{\"added\":1}" : "{\"added\":{}," + document.substring(1);
                assertThat(form.read(longer)).isEqualTo(form.read(document));
            }
        }
    }

    /** Two kinds never travel: what the log's port hands to its caller, and previews, which stay in their process. */
    @Test
    void everything_the_services_share_has_an_approved_form() {
        Set<Object> met = new HashSet<>();
        messages().forEach(form -> form.values().forEach(message -> Form.collect(message, met)));
        StoredEventsTest.events().forEach(form -> form.values().forEach(event -> Form.collect(event, met)));
        var shared = Families.classes(type -> type.getPackageName().startsWith("dev.handloom.api")
                && (type.isRecord() || type.isEnum()) && !type.getName().startsWith(SessionLog.class.getName() + "$")
                && !type.reflect().equals(SessionEvent.Erased.class)
                && !Preview.class.isAssignableFrom(type.reflect()));
        assertThat(shared).isNotEmpty();
        assertThat(met).containsAll(shared);
    }

    @Test
    void every_kind_and_every_constant_occurs_in_some_message() {
        Set<Object> met = new HashSet<>();
        messages().forEach(form -> form.values().forEach(message -> Form.collect(message, met)));
        StoredEventsTest.events().forEach(form -> form.values().forEach(event -> Form.collect(event, met)));
        for (var type : List.copyOf(met)) {
            if (type instanceof Class<?> seen && seen.isRecord()) {
                assertThat(met).as("%s", seen).containsAll(Families.membersOfWhatOccursIn(seen));
            }
        }
    }
}
