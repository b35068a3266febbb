package dev.handloom.kit.seal;

import dev.handloom.api.session.OfSession;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * Writes what belongs to a session sealed, and everything else as it would have been. Reads both, and what was stored
 * before there was a seal. Upcasters ask for JSON and get it open.
 */
public final class SealingSerializer implements Serializer {
    private final Serializer plain;
    private final Seal seal;
    private final Converter converter;

    public SealingSerializer(Serializer plain, Seal seal) {
        this.plain = plain;
        this.seal = seal;
        this.converter = new OpeningConverter(plain.getConverter(), seal);
    }

    @Override
    public <T> SerializedObject<T> serialize(@Nullable Object object, Class<T> as) {
        if (!(object instanceof OfSession mine) || mine.outlivesErasure()) {
            return plain.serialize(object, as);
        }
        if (object instanceof SessionEvent.Erased || !as.equals(byte[].class)) {
            throw new SerializationException("a " + object.getClass().getSimpleName() + " is not stored as "
                    + as.getSimpleName());
        }
        var open = plain.serialize(object, byte[].class);
        var sealed = seal.seal(mine.sessionId().value(), open.getData());
        return new SimpleSerializedObject<>(as.cast(sealed), as, open.getType());
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> as) {
        return plain.canSerializeTo(as);
    }

    /** @throws Damaged when its bytes are not those that were stored */
    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <S, T> T deserialize(SerializedObject<S> stored) {
        if (!(stored.getData() instanceof byte[] bytes) || !SealedPayload.is(bytes)) {
            return plain.deserialize(stored);
        }
        try {
            return plain.deserialize(new SimpleSerializedObject<>(seal.open(bytes), byte[].class, stored.getType()));
        } catch (Erased gone) {
            if (!SessionEvent.class.isAssignableFrom(plain.classForType(stored.getType()))) {
                throw gone;
            }
            return (T) erased(bytes, Instant.EPOCH);
        }
    }

    private static SessionEvent.Erased erased(byte[] stored, Instant at) {
        return new SessionEvent.Erased(
                new SessionId(Objects.requireNonNull(SealedPayload.of(stored)).owner()), at);
    }

    /**
     * What to read in place of a stored event: a {@link SessionEvent.Erased}, as JSON, when its key is no more.
     *
     * @param at when the event was written
     * @return null when the event itself can be read
     */
    public byte @Nullable [] inPlaceOf(byte[] stored, Instant at) {
        return seal.isErased(stored) ? plain.serialize(erased(stored, at), byte[].class).getData() : null;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class classForType(SerializedType type) {
        return plain.classForType(type);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(@Nullable Class type) {
        return plain.typeForClass(type);
    }

    @Override
    public Converter getConverter() {
        return converter;
    }
}
