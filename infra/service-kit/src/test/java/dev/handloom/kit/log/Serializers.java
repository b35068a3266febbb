package dev.handloom.kit.log;

import dev.handloom.kit.seal.Seal;
import dev.handloom.kit.seal.SealingSerializer;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/** As the application writes events. */
public final class Serializers {
    private Serializers() {}

    public static Serializer json() {
        return Jackson3Serializer.builder().jsonMapperBuilderCustomizer(new LogConfiguration().knownTypes()).build();
    }

    public static Serializer sealed(Seal seal) {
        return new SealingSerializer(json(), seal);
    }
}
