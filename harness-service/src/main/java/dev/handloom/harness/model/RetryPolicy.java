package dev.handloom.harness.model;

import dev.handloom.api.session.SessionCommand.Verdict;
import org.springframework.stereotype.Component;

/** TEMPORARY until the model branch lands. */
@Component
public class RetryPolicy {
    public record Outcome(String error, Verdict verdict) {}

    public Outcome after(Model.Failed failed, int attempt) {
        return new Outcome("unknown_error", new Verdict.GiveUp());
    }
}
