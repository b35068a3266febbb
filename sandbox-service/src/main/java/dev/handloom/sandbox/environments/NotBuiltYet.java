package dev.handloom.sandbox.environments;

import dev.handloom.kit.http.NotBuilt;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What of this service's part of the contract is still missing, and what brings it. */
@Configuration(proxyBeanMethods = false)
class NotBuiltYet {
    @Bean
    NotBuilt environmentWork() {
        return new NotBuilt("the work queue of self-hosted environments; it arrives with the hands",
                "/v1/environments/*/work/**");
    }
}
