package dev.handloom.standalone.golden;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The classes of the platform, and what belongs to a sealed family. */
final class Families {
    private static final Set<JavaClass> ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.handloom")
            .stream()
            .collect(Collectors.toSet());

    private Families() {}

    static List<Class<?>> classes(Predicate<JavaClass> wanted) {
        return ALL.stream().filter(wanted).<Class<?>>map(JavaClass::reflect).toList();
    }

    /** The members of every sealed family that occurs in a record, and all constants of every enum. */
    static List<Object> membersOfWhatOccursIn(Class<?> type) {
        var members = new ArrayList<Object>();
        for (var component : type.getRecordComponents()) {
            var part = component.getType();
            if (part.isSealed()) {
                members.addAll(List.of(part.getPermittedSubclasses()));
            } else if (part.isEnum()) {
                members.addAll(List.of(part.getEnumConstants()));
            }
        }
        return members;
    }
}
