package dev.handloom.standalone.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;

/**
 * One class in an approved file: its name and revision, and documents of its form.
 *
 * @param current what this version writes
 * @param older   what an earlier version wrote
 */
record Form(String type, @Nullable String revision, List<String> current, List<String> older) {
    static final Serializer SERIALIZER = Jackson3Serializer.builder().build();
    private static final String OLDER = "~ ";

    @Override
    public String toString() {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    static List<Form> of(String file) {
        var forms = new ArrayList<Form>();
        for (var line : lines(file)) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            if (line.startsWith("dev.")) {
                var name = line.split(" ", 2);
                forms.add(new Form(name[0], name.length > 1 ? name[1] : null, new ArrayList<>(), new ArrayList<>()));
            } else if (line.startsWith(OLDER)) {
                forms.getLast().older().add(line.substring(OLDER.length()));
            } else {
                forms.getLast().current().add(line);
            }
        }
        return forms;
    }

    static List<String> lines(String file) {
        try (var text = Form.class.getResourceAsStream("/golden/" + file)) {
            return new String(Objects.requireNonNull(text, file).readAllBytes(), StandardCharsets.UTF_8).lines()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Object read(String document) {
        return SERIALIZER.deserialize(new SimpleSerializedObject<>(document, String.class,
                new SimpleSerializedType(type, revision)));
    }

    static String write(Object value) {
        return SERIALIZER.serialize(value, String.class).getData();
    }

    List<Object> values() {
        var values = new ArrayList<Object>();
        current.forEach(document -> values.add(read(document)));
        older.forEach(document -> values.add(read(document)));
        return values;
    }

    /** Notes every class and every enum constant that occurs in a value. */
    static void collect(@Nullable Object value, Set<Object> met) {
        switch (value) {
            case null -> {}
            case Enum<?> constant -> {
                met.add(constant);
                met.add(constant.getDeclaringClass());
            }
            case Record composite -> {
                met.add(composite.getClass());
                for (var component : composite.getClass().getRecordComponents()) {
                    collect(part(composite, component), met);
                }
            }
            case Collection<?> many -> many.forEach(one -> collect(one, met));
            case Map<?, ?> pairs -> pairs.values().forEach(one -> collect(one, met));
            default -> {}
        }
    }

    private static @Nullable Object part(Record composite, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(composite);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
