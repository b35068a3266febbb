package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionSystemException;

/** A store that fails is waited for; a handler with a mistake holds up nobody. */
class StoreTroublesTest {
    private static final EventMessage<String> EVENT = GenericEventMessage.asEventMessage("an event");

    private static final class Handler implements EventMessageHandler {
        @Override
        public @Nullable Object handle(EventMessage<?> event) {
            return null;
        }
    }

    private static void failed(Exception failure) throws Exception {
        new StoreTroubles().onError(failure, EVENT, new Handler());
    }

    @Test
    void an_event_whose_handler_met_a_failing_store_is_handled_again() {
        var failure = new TransactionSystemException("not committed", new SQLException("the disk is full"));
        assertThatThrownBy(() -> failed(failure)).isSameAs(failure);
        assertThatThrownBy(() -> failed(new IllegalStateException(failure))).hasRootCauseInstanceOf(SQLException.class);
    }

    @Test
    void an_event_that_its_handler_cannot_understand_is_passed_over() {
        assertThatCode(() -> failed(new IllegalStateException("a mistake"))).doesNotThrowAnyException();
    }
}
