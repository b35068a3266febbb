package dev.handloom.session.http;

import dev.handloom.kit.http.NotBuilt;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What of this service's part of the contract is still missing, and what brings it. */
@Configuration(proxyBeanMethods = false)
class NotBuiltYet {
    @Bean
    NotBuilt files() {
        return new NotBuilt("files; they arrive with the hands", "/v1/files/**");
    }

    @Bean
    NotBuilt sessionResources() {
        return new NotBuilt("session resources; they arrive with the hands", "/v1/sessions/*/resources/**");
    }

    @Bean
    NotBuilt brainsFromOutside() {
        return new NotBuilt("events of an agent that thinks elsewhere; no release brings them yet",
                "/handloom/v1/sessions/*/events");
    }

    @Bean
    NotBuilt memoryStores() {
        return new NotBuilt("memory stores; no release brings them yet", "/v1/memory_stores/**");
    }
}
