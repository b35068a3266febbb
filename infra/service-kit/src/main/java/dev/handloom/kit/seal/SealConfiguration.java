package dev.handloom.kit.seal;

import dev.handloom.kit.DataFolder;
import dev.handloom.kit.FolderLock;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Events and snapshots are sealed; tokens and sagas hold names only, and are not. */
@Configuration(proxyBeanMethods = false)
class SealConfiguration {
    @Bean(destroyMethod = "close")
    Seal seal(DataFolder folder, FolderLock held, @Value("${handloom.master-key:}") String masterKey) {
        return Seal.open(folder, masterKey);
    }

    @Bean
    @Qualifier("eventSerializer")
    Serializer eventSerializer(Serializer generalSerializer, Seal seal) {
        return new SealingSerializer(generalSerializer, seal);
    }
}
