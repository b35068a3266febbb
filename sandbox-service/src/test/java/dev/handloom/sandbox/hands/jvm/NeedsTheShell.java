package dev.handloom.sandbox.hands.jvm;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skipped, and said so, where the build had no npm and so no embedded shell. */
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsTheShell.IsItThere.class)
@interface NeedsTheShell {
    final class IsItThere implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (ShellScript.isThere()) {
                return ConditionEvaluationResult.enabled("the embedded shell was built");
            }
            var reason = context.getDisplayName() + " skipped: the embedded shell was not built, for want of npm";
            System.out.println(reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
