package dev.handloom.harness.agents;

import dev.handloom.kit.http.NotBuilt;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What of this service's part of the contract is still missing. */
@Configuration(proxyBeanMethods = false)
class NotBuiltYet {
    @Bean
    NotBuilt skills() {
        return new NotBuilt("skills; no release brings them yet", "/v1/skills/**");
    }

    @Bean
    NotBuilt deployments() {
        return new NotBuilt("deployments; no release brings them yet", "/v1/deployments/**", "/v1/deployment_runs/**");
    }

    @Bean
    NotBuilt rest() {
        return new NotBuilt("dreams, user profiles and tunnels; no release brings them yet", "/v1/dreams/**",
                "/v1/user_profiles/**", "/v1/tunnels/**");
    }
}
