package dev.handloom.vault;

import dev.handloom.kit.http.NotBuilt;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Everything the vault proxy is made of, whichever process it runs in. */
@Configuration(proxyBeanMethods = false)
public class VaultModule {
    @Bean
    NotBuilt vaults() {
        return new NotBuilt("vaults and credentials; they arrive with the vault proxy", "/v1/vaults/**");
    }
}
