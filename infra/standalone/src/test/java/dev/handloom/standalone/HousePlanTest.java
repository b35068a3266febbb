package dev.handloom.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.spring.stereotype.Aggregate;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.NullMarked;
import org.springframework.web.bind.annotation.RestController;

/** The walls of the house plan in docs/ARCHITECTURE.md, checked on the compiled classes of every module. */
@AnalyzeClasses(packages = "dev.handloom", importOptions = ImportOption.DoNotIncludeTests.class)
class HousePlanTest {
    private static final String[] RULES = {"..session.write..", "..harness.turn..", "..harness.context..",
        "..harness.agents..", "..sandbox.environments..", "dev.handloom.api.."};

    @ArchTest
    static final ArchRule services_meet_only_through_shared_api = slices()
            .matching("dev.handloom.(session|harness|sandbox|vault)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule services_know_no_process_they_run_in = noClasses()
            .that()
            .resideInAnyPackage("dev.handloom.session..", "dev.handloom.harness..", "dev.handloom.sandbox..",
                    "dev.handloom.vault..", "dev.handloom.kit..", "dev.handloom.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.handloom.standalone..");

    @ArchTest
    static final ArchRule the_kit_knows_no_service = noClasses()
            .that()
            .resideInAnyPackage("dev.handloom.kit..", "dev.handloom.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.handloom.session..", "dev.handloom.harness..", "dev.handloom.sandbox..",
                    "dev.handloom.vault..");

    @ArchTest
    static final ArchRule shared_api_knows_no_framework_but_the_routing_and_revision_annotations = noClasses()
            .that()
            .resideInAPackage("dev.handloom.api..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "org.axonframework..", "tools.jackson..")
                    .and(describe("but the two annotations", type -> !type.getSimpleName().equals("Revision")
                            && !type.getSimpleName().equals("TargetAggregateIdentifier"))));

    @ArchTest
    static final ArchRule messages_are_records_enums_or_interfaces = classes()
            .that()
            .resideInAPackage("dev.handloom.api..")
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .beRecords()
            .orShould()
            .beEnums()
            .orShould()
            .beInterfaces();

    /** style.md §2.8: aggregates where they decide, projections where they are read, the saga, and who answers. */
    @ArchTest
    static final ArchRule aggregates_live_where_decisions_are_made = classes()
            .that()
            .areAnnotatedWith(Aggregate.class)
            .should()
            .resideInAnyPackage("..session.write..", "..harness.agents..", "..sandbox.environments..");

    @ArchTest
    static final ArchRule the_saga_lives_with_the_turn = classes()
            .that()
            .areAnnotatedWith(Saga.class)
            .should()
            .resideInAPackage("..harness.turn..");

    @ArchTest
    static final ArchRule projections_live_where_they_are_read = methods()
            .that()
            .areAnnotatedWith(EventHandler.class)
            .should()
            .beDeclaredInClassesThat()
            .resideInAnyPackage("..session.read..", "..session.end..", "..harness.agents..",
                    "..sandbox.environments..");

    @ArchTest
    static final ArchRule commands_and_queries_are_handled_in_few_places = methods()
            .that()
            .areAnnotatedWith(CommandHandler.class)
            .or()
            .areAnnotatedWith(QueryHandler.class)
            .or()
            .areAnnotatedWith(EventSourcingHandler.class)
            .or()
            .areAnnotatedWith(SagaEventHandler.class)
            .should()
            .beDeclaredInClassesThat()
            .resideInAnyPackage("..session.write..", "..session.read..", "..harness.agents..", "..harness.turn..",
                    "..sandbox.environments..", "..sandbox.execute..");

    /** The pure rules: what they decide follows from what they are given. */
    @ArchTest
    static final ArchRule nobody_who_decides_reads_the_wall_clock_or_rolls_dice = noClasses()
            .that()
            .resideInAnyPackage(RULES)
            .and(isNot("Ledger", "a process needs a name that no other has"))
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, SecureRandom.class, ThreadLocalRandom.class);

    @ArchTest
    static final ArchRule controllers_live_where_http_is_spoken = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .should()
            .resideInAnyPackage("..http..", "..stream..", "..harness.agents..", "..harness.model..",
                    "..sandbox.environments..");

    @ArchTest
    static final ArchRule names_are_nouns_of_the_domain = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Info|DTO|Dto)");

    @ArchTest
    static final ArchRule every_package_says_what_may_be_null = classes()
            .that()
            .doNotHaveSimpleName("package-info")
            .should(HouseRules.liveInAPackageAnnotatedWith(NullMarked.class));

    @ArchTest
    static final ArchRule what_no_other_package_needs_is_not_public = classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should(HouseRules.beNeededOutsideTheirPackage());

    /** Keys and tokens have types of their own, and no event, message or saga has a part of such a type. */
    @ArchTest
    static final ArchRule no_secret_is_part_of_what_is_stored_or_sent = noClasses()
            .that(resideInAPackage("dev.handloom.api..").or(HouseRules.stored()))
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*(ApiKey|ApiSettings|ModelSettings|Secret|Credential|Sealed).*");

    private static DescribedPredicate<JavaClass> isNot(String name, String why) {
        return describe("are not " + name + " (" + why + ")", type -> !type.getSimpleName().equals(name));
    }
}
