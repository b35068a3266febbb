package dev.handloom.harness.context.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.harness.context.Validity;
import dev.handloom.harness.model.Model;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random conversations, each strategy, every request: the rules of the Messages API hold, and the view is a function. */
class EveryViewIsValidTest {
    private static final int REQUESTS = 40;
    private static final long WINDOW = 8_000;
    static final List<Policy> POLICIES = List.of(
            new Policy.Full(),
            new Policy.SlidingWindow(1, 10_000_000, true, 0),
            new Policy.SlidingWindow(7, 10_000_000, false, 25),
            new Policy.SlidingWindow(10_000, 3_000, true, 50),
            new Policy.ClearToolResults(1_000, 1, 0),
            new Policy.ClearToolResults(2_000, 3, 800),
            new Policy.Compaction(50, 1),
            new Policy.Compaction(30, 4),
            new Policy.ResetWithHandover(40),
            new Policy.Hybrid(new Policy.ClearToolResults(2_000, 2, 500), new Policy.Compaction(40, 2)));

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    private static RandomGenerator dice(int seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void under_every_strategy(int seed) {
        for (var policy : POLICIES) {
            live(policy, dice(seed));
        }
    }

    private static void live(Policy policy, RandomGenerator dice) {
        var chat = new Chat(WINDOW);
        var strategy = ContextStrategy.of(policy);
        for (int request = 0; request < REQUESTS; request++) {
            chat.goOn(dice);
            var past = chat.ask();
            var view = strategy.view(past);
            var due = view.due();
            if (due != null) {
                Validity.assertValid(due.asking());
                if (dice.nextInt(3) > 0) {
                    chat.note(due, "note " + request);
                    view = strategy.view(chat.past());
                    assertThat(view.due()).as("a note is not asked for twice").isNull();
                } else {
                    chat.fail();
                }
            }
            check(policy, chat, view);
            assertThat(strategy.view(chat.past()).lines()).usingElementComparator((a, b) -> a.same(b) ? 0 : 1)
                    .isEqualTo(view.lines());
        }
    }

    private static void check(Policy policy, Chat chat, View view) {
        Validity.assertValid(view.messages());
        assertThat(view.stable()).isBetween(0, view.lines().size());
        assertThat(view.counts().total()).isEqualTo(Chat.PRELUDE.counts().total()
                + view.lines().stream().mapToLong(Line::tokens).sum());
        assertThat(chat.hash(view)).isEqualTo(new ViewHash().of(view.lines(), Chat.PRELUDE));
        if (policy instanceof Policy.Full) {
            assertThat(view.lines()).isEqualTo(chat.lines());
            assertThat(view.cuts()).isEmpty();
        }
        var system = texts(chat.lines().stream().map(Line::message).toList());
        assertThat(texts(view.messages())).as("what the system said stays").isEqualTo(system);
        var last = chat.lines().getLast().message().content().getLast();
        boolean mayStandInTheNote = policy instanceof Policy.ResetWithHandover && Line.isResult(last);
        if (!mayStandInTheNote) {
            assertThat(view.messages()).as("what is to be answered stays")
                    .anySatisfy(message -> assertThat(message.content()).contains(last));
        }
    }

    private static List<String> texts(List<Model.Message> messages) {
        return messages.stream()
                .filter(message -> message.role().equals("system"))
                .flatMap(message -> message.content().stream())
                .map(Object::toString)
                .toList();
    }
}
