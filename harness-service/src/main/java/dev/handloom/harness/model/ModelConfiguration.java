package dev.handloom.harness.model;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelSettings.class)
class ModelConfiguration {
    private static final Logger log = LoggerFactory.getLogger(ModelConfiguration.class);

    @Bean
    Model model(ModelSettings settings) {
        if (settings.connected()) {
            return new MessagesModel(settings);
        }
        log.warn("rehearsal: no model is answering, because neither ANTHROPIC_API_KEY nor ANTHROPIC_BASE_URL is set");
        return new RehearsalModel(
                settings.rehearsal() == null ? Script.builtIn() : Script.read(Path.of(settings.rehearsal())));
    }
}
