package dev.handloom.standalone;

import dev.handloom.harness.HarnessModule;
import dev.handloom.kit.KitModule;
import dev.handloom.sandbox.SandboxModule;
import dev.handloom.session.SessionModule;
import dev.handloom.vault.VaultModule;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Runs all services in one process. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({KitModule.class, SessionModule.class, HarnessModule.class, SandboxModule.class, VaultModule.class})
public class StandaloneApplication {
    public static void main(String[] args) {
        System.setProperty("spring.config.name", "standalone");
        SpringApplication.run(StandaloneApplication.class, args);
    }
}
