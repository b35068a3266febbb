package dev.handloom.harness.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Step ASK = new Step.AskModel("req");
    private static final Ledger.Key REQ = new Ledger.Key(Bench.SESSION, "req");

    private final Bench bench = new Bench();
    private final Ledger mine = bench.ledger();
    private final Ledger theirs = bench.ledger();

    @AfterEach
    void close() {
        bench.close();
    }

    private static List<Step> steps(List<Ledger.Work> works) {
        return works.stream().map(Ledger.Work::step).toList();
    }

    @Test
    void a_step_is_told_after_the_commit_and_written_once() {
        var told = new ArrayList<Ledger.Work>();
        mine.tell(told::add, Bench.ignored());
        Bench.inTransaction(() -> {
            mine.open(Bench.SESSION, ASK);
            assertThat(told).isEmpty();
        });
        Bench.open(mine, ASK);

        assertThat(told).containsExactly(new Ledger.Work(Bench.SESSION, ASK));
        assertThat(bench.rows()).isEqualTo(1);
    }

    @Test
    void a_lease_that_is_renewed_keeps_others_away_and_one_that_runs_out_does_not() {
        Bench.open(mine, ASK);
        bench.pass(Ledger.LEASE.minusMillis(1));
        mine.renew();
        bench.pass(Ledger.LEASE.minusMillis(1));
        assertThat(theirs.takeOver()).isEmpty();
        bench.pass(Duration.ofMillis(2));
        assertThat(steps(theirs.takeOver())).containsExactly(ASK);
        assertThat(mine.takeOver()).isEmpty();
    }

    @Test
    void every_kind_of_step_comes_back_as_it_was() {
        var due = bench.instant().plusSeconds(10);
        var all = List.of(ASK, new Step.RunTool("use"), new Step.CancelTool("cancel:use", "use"),
                new Step.RetryModel("retry:req", "req", due), new Step.ReleaseHand("release:sesn_1"));
        all.forEach(step -> Bench.open(mine, step));
        bench.abandonAll();
        bench.pass(Duration.ofSeconds(10));
        assertThat(steps(theirs.takeOver())).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void a_retry_waits_for_its_hour_and_is_nobodys_until_then() {
        var told = new ArrayList<Ledger.Work>();
        mine.tell(told::add, Bench.ignored());
        Bench.open(mine, new Step.RetryModel("retry:req", "req", bench.instant().plusSeconds(10)));
        assertThat(told).isEmpty();
        bench.pass(Duration.ofMillis(9_999));
        assertThat(theirs.takeOver()).isEmpty();
        bench.pass(Duration.ofMillis(1));
        assertThat(theirs.takeOver()).hasSize(1);
    }

    @Test
    void a_step_that_fails_is_tried_ever_more_rarely() {
        Bench.open(mine, ASK);
        for (long seconds : new long[]{1, 2, 4, 8, 16, 32, 60, 60}) {
            mine.giveBack(REQ);
            bench.pass(Duration.ofSeconds(seconds));
            assertThat(theirs.takeOver()).as("too early").isEmpty();
            bench.pass(Duration.ofMillis(1));
            assertThat(theirs.takeOver()).as("after " + seconds + " s").hasSize(1);
        }
    }

    @Test
    void one_look_takes_no_more_than_two_hundred_and_the_next_look_takes_others() {
        for (int i = 0; i < 250; i++) {
            Bench.open(mine, new Step.AskModel("req_" + i));
        }
        bench.abandonAll();
        var first = steps(theirs.takeOver());
        var second = steps(theirs.takeOver());
        assertThat(first).hasSize(200).doesNotContainAnyElementsOf(second);
        assertThat(second).hasSize(50);
    }

    @Test
    void a_step_that_is_over_is_gone_and_whoever_does_it_is_told_after_the_commit() {
        var over = new ArrayList<Ledger.Key>();
        mine.tell(Bench.ignored(), over::add);
        Bench.open(mine, ASK);
        Bench.inTransaction(() -> {
            mine.close(Bench.SESSION, "req");
            assertThat(over).isEmpty();
        });
        assertThat(over).containsExactly(REQ);
        assertThat(bench.rows()).isZero();
    }

    @Test
    void waking_a_session_makes_what_others_hold_due_at_once_but_not_what_is_being_done_here() {
        Bench.open(theirs, ASK);
        Bench.open(mine, new Step.AskModel("mine"));
        mine.wake(Bench.SESSION);
        bench.pass(Duration.ofMillis(1));
        assertThat(steps(mine.takeOver())).containsExactly(ASK);
    }

    @Test
    void where_nobody_else_can_be_alive_every_lease_is_over() {
        Bench.open(theirs, ASK);
        mine.forgetLeases();
        assertThat(steps(mine.takeOver())).containsExactly(ASK);
    }

    @Test
    void a_step_that_was_written_before_this_process_could_begin_it_is_not_left_lying() {
        Bench.open(mine, ASK);
        mine.forgetLeases();
        mine.renew();
        assertThat(steps(mine.takeOver())).containsExactly(ASK);
    }

    @Test
    void a_step_that_goes_on_elsewhere_is_asked_after_when_it_takes_long() {
        Bench.open(mine, ASK);
        mine.leave(REQ, Duration.ofMinutes(1));
        mine.renew();
        bench.pass(Duration.ofMinutes(1));
        assertThat(theirs.takeOver()).isEmpty();
        bench.pass(Duration.ofMillis(1));
        assertThat(theirs.takeOver()).hasSize(1);
    }

    @Test
    void two_sessions_may_have_steps_of_one_id_and_each_is_done_and_ended_alone() {
        var fork = new dev.handloom.api.session.SessionId("sesn_2");
        Bench.open(mine, ASK);
        Bench.inTransaction(() -> mine.open(fork, ASK));
        assertThat(bench.rows()).isEqualTo(2);
        Bench.inTransaction(() -> mine.close(fork, "req"));
        bench.abandonAll();
        assertThat(theirs.takeOver()).containsExactly(new Ledger.Work(Bench.SESSION, ASK));
    }

    @Test
    void a_ledger_of_an_older_version_keeps_its_steps() {
        Bench.open(mine, ASK);
        bench.makeOlder();
        bench.abandonAll();
        assertThat(steps(bench.ledger().takeOver())).containsExactly(ASK);
        Bench.inTransaction(() -> theirs.open(new dev.handloom.api.session.SessionId("sesn_2"), ASK));
        assertThat(bench.rows()).isEqualTo(2);
    }
}
