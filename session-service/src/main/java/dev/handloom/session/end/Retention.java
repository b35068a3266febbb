package dev.handloom.session.end;

import dev.handloom.api.agent.AgentQuery;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionId;
import dev.handloom.session.read.States;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.queryhandling.QueryGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Deletes sessions that have rested, unchanged, for longer than their agent says. A session that works is never one. */
@Component
@EnableConfigurationProperties(RetentionSettings.class)
class Retention implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    /** The most deletions of one sweep; the others wait for the next. */
    private static final int SWEEP_MAX = 500;

    private final RestingSessions resting;
    private final States states;
    private final QueryGateway queries;
    private final CommandGateway commands;
    private final Clock clock;
    private final Duration sweepEvery;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retention").factory());
    private volatile boolean running;

    Retention(
            RestingSessions resting,
            States states,
            QueryGateway queries,
            CommandGateway commands,
            Clock clock,
            RetentionSettings settings
    ) {
        this.resting = resting;
        this.states = states;
        this.queries = queries;
        this.commands = commands;
        this.clock = clock;
        this.sweepEvery = settings.sweepEvery();
    }

    private void sweep() {
        try {
            int left = SWEEP_MAX;
            for (var agent : queries.query(new AgentQuery.Retentions(), AgentQuery.Kept.class)
                    .join()
                    .byAgent()
                    .entrySet()) {
                var then = clock.instant().minus(agent.getValue());
                var old = resting.since(agent.getKey(), then, left);
                old.forEach(session -> delete(session, then, agent.getValue()));
                left -= old.size();
                if (left == 0) {
                    return;
                }
            }
        } catch (RuntimeException failed) {
            log.warn("could not look for sessions that have been kept long enough: {}", failed.toString());
        }
    }

    private void delete(SessionId session, Instant then, Duration kept) {
        if (states.now(session).filter(state -> !state.updatedAt().isAfter(then)).isEmpty()) {
            return;
        }
        try {
            commands.sendAndWait(new SessionCommand.Delete(session));
            log.info("{} deleted: its agent keeps sessions for {}", session, kept);
        } catch (CommandExecutionException refused) {
            log.info("{} not deleted: {}", session, refused.getMessage());
        }
    }

    @Override
    public void start() {
        running = true;
        var _ = watch.scheduleWithFixedDelay(this::sweep, sweepEvery.toMillis(), sweepEvery.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        watch.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
