package dev.handloom.standalone;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.Set;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Saga;

/** What the walls of the house plan are made of, where ArchUnit has no words for it. */
final class HouseRules {
    /** Made or called by a framework, or by the platform's users. */
    private static final Set<String> MADE_BY_OTHERS = Set.of(
            "org.springframework.context.annotation.Configuration",
            "org.springframework.boot.context.properties.ConfigurationProperties",
            "org.axonframework.spring.stereotype.Saga");

    /** Public for a reason of their own. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "dev.handloom.kit.http.ApiKey", "others use its constants, which the compiler copies",
            "dev.handloom.kit.http.ContainerErrors", "Tomcat makes it by its name",
            "dev.handloom.sandbox.hands.jvm.Doors", "a script engine calls only public classes");

    private HouseRules() {}

    static DescribedPredicate<JavaClass> stored() {
        return DescribedPredicate.describe("are stored", type -> type.isAnnotatedWith(Revision.class)
                || type.isAnnotatedWith(Saga.class));
    }

    static ArchCondition<JavaClass> liveInAPackageAnnotatedWith(Class<? extends Annotation> annotation) {
        return new ArchCondition<>("live in a package annotated with @" + annotation.getSimpleName()) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(new SimpleConditionEvent(type, type.getPackage().isAnnotatedWith(annotation),
                        type.getPackageName() + " of " + type.getSimpleName()));
            }
        };
    }

    static ArchCondition<JavaClass> beNeededOutsideTheirPackage() {
        return new ArchCondition<>("be needed outside their package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean needed = neededElsewhere(type) || EXCEPTIONS.containsKey(type.getName()) || type.getMethods()
                        .stream()
                        .anyMatch(method -> method.getName().equals("main"))
                        || type.getAnnotations()
                                .stream()
                                .anyMatch(annotation -> MADE_BY_OTHERS.contains(annotation.getRawType().getName()));
                events.add(new SimpleConditionEvent(type, needed, type.getName() + " is public for nobody"));
            }
        };
    }

    /** Somebody in another package depends on it, or on what is nested in it. */
    private static boolean neededElsewhere(JavaClass type) {
        return type.getDirectDependenciesToSelf()
                .stream()
                .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()))
                || type.getPackage()
                        .getClasses()
                        .stream()
                        .filter(nested -> nested.getName().startsWith(type.getName() + "$"))
                        .anyMatch(nested -> nested.getDirectDependenciesToSelf()
                                .stream()
                                .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName())));
    }
}
