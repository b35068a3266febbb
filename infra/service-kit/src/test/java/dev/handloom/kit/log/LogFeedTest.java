package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.kit.log.GroupCommit.Committed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;

/** Two ways in, one order out. */
class LogFeedTest {
    private final List<Long> passed = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    private LogFeed feedAfter(long last) {
        return new LogFeed(commit -> {
            for (int i = 0; i < commit.rows().size(); i++) {
                passed.add(commit.firstGlobal() + i);
                texts.add(EngineContract.textOf(
                        (SessionEvent) commit.messages().get(i).getPayload()));
            }
        }, last);
    }

    private static EventMessage<?> message(long global) {
        return EngineContract.message(global, EngineContract.said(EngineContract.ONE, String.valueOf(global)));
    }

    private static Row row(long global) {
        return new Row(global, "s", global, "Session", "id" + global, "type", null, "at", new byte[0], new byte[0]);
    }

    private static Committed own(long from, long to) {
        return new Committed(from, LongStream.rangeClosed(from, to)
                .<EventMessage<?>>mapToObj(
                        LogFeedTest::message)
                .toList(), rows(from, to));
    }

    private static List<Row> rows(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(LogFeedTest::row).toList();
    }

    private static void read(LogFeed feed, List<Row> rows) {
        feed.read(rows, row -> message(row.global()));
    }

    @Test
    void own_commits_go_on_as_they_come() {
        var feed = feedAfter(7);
        feed.committed(own(8, 9));
        feed.committed(own(10, 10));
        assertThat(passed).containsExactly(8L, 9L, 10L);
        assertThat(feed.last()).isEqualTo(10);
    }

    @Test
    void what_was_read_before_it_was_handed_over_goes_on_once() {
        var feed = feedAfter(0);
        read(feed, rows(1, 3));
        feed.committed(own(1, 2));
        feed.committed(own(3, 5));
        read(feed, rows(4, 6));
        assertThat(passed).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(texts).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void an_own_commit_waits_for_what_others_have_committed_before_it() {
        var feed = feedAfter(0);
        feed.committed(own(3, 4));
        assertThat(passed).isEmpty();
        read(feed, rows(1, 4));
        feed.committed(own(5, 5));
        assertThat(passed).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void nobody_waits_for_what_was_erased() {
        var feed = feedAfter(0);
        read(feed, List.of(row(2), row(3), row(7)));
        assertThat(passed).containsExactly(2L, 3L, 7L);
        feed.looked(9);
        feed.looked(8);
        feed.committed(own(10, 10));
        assertThat(passed).containsExactly(2L, 3L, 7L, 10L);
    }

    /** Goal: the order holds whoever is faster. Method: a reader reads what a writer may have handed over already. */
    @Test
    void every_event_goes_on_once_and_in_order_while_both_ways_are_in_use() throws Exception {
        var feed = feedAfter(0);
        var committed = new AtomicLong();
        EngineContract.<Boolean>together(List.<Callable<Boolean>>of(() -> {
            var sizes = new Random(1);
            while (committed.get() < 20_000) {
                long from = committed.get() + 1;
                long to = from + sizes.nextInt(5);
                committed.set(to);
                feed.committed(own(from, to));
            }
            return true;
        }, () -> {
            while (committed.get() < 20_000) {
                read(feed, rows(feed.last() + 1, committed.get()));
            }
            return true;
        }));
        assertThat(passed).isEqualTo(EngineContract.upTo(committed.get()));
    }
}
