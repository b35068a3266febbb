package dev.handloom.sandbox;

import dev.handloom.sandbox.hands.HandsSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/** Everything the sandbox service is made of, whichever process it runs in. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HandsSettings.class)
@ComponentScan(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
public class SandboxModule {}
