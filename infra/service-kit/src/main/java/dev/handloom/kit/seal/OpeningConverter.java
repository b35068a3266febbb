package dev.handloom.kit.seal;

import org.axonframework.serialization.Converter;

/** Opens what is sealed before it becomes anything but the bytes it is stored as. */
record OpeningConverter(Converter plain, Seal seal) implements Converter {
    @Override
    public boolean canConvert(Class<?> from, Class<?> to) {
        return plain.canConvert(from, to);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T convert(Object original, Class<?> from, Class<T> to) {
        return original instanceof byte[] bytes && SealedPayload.is(bytes) && !to.equals(byte[].class)
                ? plain.convert(seal.open(bytes), from, to)
                : plain.convert(original, from, to);
    }
}
