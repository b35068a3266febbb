package dev.handloom.harness.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionCommand;
import dev.handloom.harness.context.ContextSettings;
import dev.handloom.harness.context.Contexts;
import dev.handloom.harness.context.Windows;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A full disk fails the step and the row of the step alike. */
class FailingStoreTest {
    private static final int PATIENCE_SECONDS = 60;

    private final Bench bench = new Bench();

    /** A ledger that cannot be written to for a while. */
    private static final class FullLedger extends Ledger {
        private final AtomicInteger failures = new AtomicInteger(3);
        private final CountDownLatch givenBack = new CountDownLatch(1);

        FullLedger(Bench bench) {
            super(new SingleConnectionDataSource("jdbc:sqlite::memory:", true), bench);
        }

        @Override
        void giveBack(Key id) {
            if (failures.getAndDecrement() > 0) {
                throw new CannotGetJdbcConnectionException("the disk is full");
            }
            super.giveBack(id);
            givenBack.countDown();
        }
    }

    private static final class NoModel implements Model {
        @Override
        public String describe() {
            return "none";
        }

        @Override
        public JsonNode models() {
            return JsonMapper.shared().createObjectNode();
        }

        @Override
        public Answer ask(Request request, Listener listener) {
            throw new AssertionError("nobody asks");
        }
    }

    @Test
    void a_step_whose_row_could_not_be_given_back_is_tried_again_once_the_store_works() throws InterruptedException {
        var ledger = new FullLedger(bench);
        var tries = new AtomicInteger();
        var done = new CountDownLatch(1);
        var bus = SimpleCommandBus.builder().build();
        bus.subscribe(SessionCommand.RetryModel.class.getName(), _ -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("the disk is full");
            }
            done.countDown();
            return "retried";
        });
        var commands = DefaultCommandGateway.builder().commandBus(bus).build();
        var contexts = new Contexts(new NoLog());
        var worker = new Worker(ledger,
                new ModelCall(contexts, _ -> Policy.USUAL, new Windows(new ContextSettings(null, 200_000)),
                        new NoModel(), new RetryPolicy(), _ -> {}, commands),
                contexts, commands);
        worker.start();
        try {
            Bench.open(ledger, new Step.RetryModel("retry:req", "req", bench.instant()));
            assertThat(ledger.givenBack.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            bench.pass(Duration.ofMinutes(2));
            assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            worker.stop();
            bench.close();
        }
    }
}
