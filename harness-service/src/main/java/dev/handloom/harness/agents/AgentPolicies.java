package dev.handloom.harness.agents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.handloom.harness.context.AgentSpec;
import dev.handloom.harness.context.Policies;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.context.strategy.PolicyFields;
import dev.handloom.kit.http.Problem;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The policy in an agent's metadata. A session keeps that of its own version when the agent gets another. */
@Component
class AgentPolicies implements Policies {
    private static final int CACHED_MAX = 10_000;

    private record Key(String id, int version) {}

    private final Histories histories;
    private final Cache<Key, Policy> known = Caffeine.newBuilder().maximumSize(CACHED_MAX).build();

    AgentPolicies(Histories histories) {
        this.histories = histories;
    }

    @Override
    public Policy of(AgentSpec agent) {
        return agent.id().isEmpty()
                ? Policy.USUAL
                : known.get(new Key(agent.id(), agent.version()), this::find);
    }

    private Policy find(Key key) {
        try {
            return histories.find(key.id())
                    .flatMap(history -> history.version(key.version()))
                    .map(version -> of(version.definition().metadata()))
                    .orElse(Policy.USUAL);
        } catch (Problem _) {
            // Written by another version of the platform, which knew more.
            return Policy.USUAL;
        }
    }

    /** @throws Problem 400 naming the field, when there is a policy and it cannot be followed */
    static Policy of(Map<String, String> metadata) {
        var text = metadata.get(PolicyFields.METADATA_KEY);
        return text == null ? Policy.USUAL : PolicyFields.read("metadata." + PolicyFields.METADATA_KEY, text);
    }
}
