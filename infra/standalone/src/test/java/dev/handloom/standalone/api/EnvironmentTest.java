package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.JsonValue;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ConflictException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.beta.environments.BetaCloudConfigParams;
import com.anthropic.models.beta.environments.BetaEnvironment;
import com.anthropic.models.beta.environments.BetaLimitedNetworkParams;
import com.anthropic.models.beta.environments.BetaPackagesParams;
import com.anthropic.models.beta.environments.BetaSelfHostedConfigParams;
import com.anthropic.models.beta.environments.BetaUnrestrictedNetwork;
import com.anthropic.models.beta.environments.EnvironmentCreateParams;
import com.anthropic.models.beta.environments.EnvironmentListParams;
import com.anthropic.models.beta.environments.EnvironmentUpdateParams;
import com.anthropic.services.blocking.beta.EnvironmentService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Environments through the official SDK (contract/README.md §2.2, resources.md §2). */
class EnvironmentTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static EnvironmentService environments() {
        return platform.sdk().beta().environments();
    }

    private static EnvironmentUpdateParams.Builder change(BetaEnvironment environment) {
        return EnvironmentUpdateParams.builder().environmentId(environment.id());
    }

    private static BetaEnvironment full() {
        return environments().create(EnvironmentCreateParams.builder()
                .name("data analysis")
                .description("Python with pandas.")
                .config(BetaCloudConfigParams.builder()
                        .networking(BetaLimitedNetworkParams.builder()
                                .allowPackageManagers(true)
                                .addAllowedHost("api.example.com")
                                .addAllowedHost("*.example.org")
                                .build())
                        .packages(BetaPackagesParams.builder().addPip("pandas==2.2").addApt("jq").build())
                        .build())
                .metadata(EnvironmentCreateParams.Metadata.builder()
                        .putAdditionalProperty("team", JsonValue.from("looms"))
                        .putAdditionalProperty("tier", JsonValue.from("gold"))
                        .build())
                .scope(EnvironmentCreateParams.Scope.ORGANIZATION)
                .build());
    }

    @Test
    void an_environment_keeps_every_field_it_was_created_with() {
        var created = full();
        assertThat(created.id()).matches("env_01\\w{22}");
        assertThat(created.name()).isEqualTo("data analysis");
        assertThat(created.description()).contains("Python with pandas.");
        var network = created.config().asCloud().networking().asLimited();
        assertThat(network.allowedHosts()).containsExactly("api.example.com", "*.example.org");
        assertThat(network.allowPackageManagers()).isTrue();
        assertThat(network.allowMcpServers()).isFalse();
        var packages = created.config().asCloud().packages();
        assertThat(packages.pip()).containsExactly("pandas==2.2");
        assertThat(packages.apt()).containsExactly("jq");
        assertThat(Stream.of(packages.cargo(), packages.gem(), packages.go(), packages.npm())).allMatch(List::isEmpty);
        assertThat(created.metadata()._additionalProperties())
                .isEqualTo(Map.of("team", JsonValue.from("looms"), "tier", JsonValue.from("gold")));
        assertThat(created.scope()).contains(BetaEnvironment.Scope.ORGANIZATION);
        assertThat(created.updatedAt()).isEqualTo(created.createdAt());
        assertThat(created.archivedAt()).isEmpty();
        assertThat(environments().retrieve(created.id())).isEqualTo(created);
    }

    @Test
    void a_name_is_enough_for_a_cloud_environment_and_need_not_be_unique() {
        var first = platform.newEnvironment();
        assertThat(first.config().asCloud().networking().isUnrestricted()).isTrue();
        assertThat(first.config().asCloud().packages().pip()).isEmpty();
        assertThat(first.description()).isEmpty();
        assertThat(first.metadata()._additionalProperties()).isEmpty();
        assertThat(platform.newEnvironment().name()).isEqualTo(first.name());
    }

    @Test
    void an_environment_may_be_self_hosted() {
        var created = environments().create(EnvironmentCreateParams.builder()
                .name("mine")
                .config(BetaSelfHostedConfigParams.builder().build())
                .build());
        assertThat(created.config().isSelfHosted()).isTrue();
    }

    @Test
    void an_update_changes_what_it_names_down_to_the_parts_of_the_config() {
        var created = full();
        var moreHosts = environments().update(change(created).config(BetaCloudConfigParams.builder()
                .networking(BetaLimitedNetworkParams.builder().addAllowedHost("new.example").build())
                .build()).build());
        var network = moreHosts.config().asCloud().networking().asLimited();
        assertThat(network.allowedHosts()).containsExactly("new.example");
        assertThat(network.allowPackageManagers()).isTrue();
        assertThat(moreHosts.config().asCloud().packages().pip()).containsExactly("pandas==2.2");

        var morePackages = environments().update(change(created).config(BetaCloudConfigParams.builder()
                .packages(BetaPackagesParams.builder().addNpm("left-pad").pip(List.of()).build())
                .build()).build());
        assertThat(morePackages.config().asCloud().packages().npm()).containsExactly("left-pad");
        assertThat(morePackages.config().asCloud().packages().pip()).isEmpty();
        assertThat(morePackages.config().asCloud().packages().apt()).containsExactly("jq");
        assertThat(morePackages.config().asCloud().networking().asLimited().allowedHosts())
                .containsExactly("new.example");

        var open = environments().update(change(created).config(BetaCloudConfigParams.builder()
                .networking(BetaUnrestrictedNetwork.builder().build())
                .build()).build());
        assertThat(open.config().asCloud().networking().isUnrestricted()).isTrue();
        assertThat(open.name()).isEqualTo("data analysis");
        assertThat(open.createdAt()).isEqualTo(created.createdAt());
        assertThat(environments().retrieve(created.id())).isEqualTo(open);
    }

    @Test
    void metadata_is_patched_and_null_or_empty_deletes_a_key() {
        var created = full();
        var patched = environments().update(change(created).metadata(EnvironmentUpdateParams.Metadata.builder()
                .putAdditionalProperty("team", JsonValue.from(null))
                .putAdditionalProperty("tier", JsonValue.from(""))
                .putAdditionalProperty("new", JsonValue.from("1"))
                .build()).build());
        assertThat(patched.metadata()._additionalProperties()).isEqualTo(Map.of("new", JsonValue.from("1")));
    }

    @Test
    void a_description_may_be_kept_emptied_or_cleared() {
        var created = full();
        assertThat(environments().update(change(created).name("new").build()).description())
                .contains("Python with pandas.");
        assertThat(environments().update(change(created).description("").build()).description()).contains("");
        assertThat(environments().update(change(created).description(Optional.empty()).build()).description())
                .isEmpty();
    }

    @Test
    void an_update_that_changes_nothing_leaves_even_the_time_of_change() {
        var created = full();
        assertThat(environments().update(created.id())).isEqualTo(created);
        assertThat(environments().update(change(created).name(created.name()).build())).isEqualTo(created);
    }

    @Test
    void changes_made_at_the_same_time_all_count() {
        var created = platform.newEnvironment();
        var impatient = environments().withOptions(options -> options.maxRetries(0));
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var key = "writer " + i;
                var _ = writers.submit(() -> impatient.update(change(created)
                        .metadata(EnvironmentUpdateParams.Metadata.builder()
                                .putAdditionalProperty(key, JsonValue.from("was here"))
                                .build())
                        .build()));
            }
        }
        assertThat(environments().retrieve(created.id()).metadata()._additionalProperties()).hasSize(8);
    }

    @Test
    void the_type_of_the_config_never_changes() {
        var created = full();
        var refused = catchThrowableOfType(BadRequestException.class, () -> environments()
                .update(change(created).config(BetaSelfHostedConfigParams.builder().build()).build()));
        assertThat(refused.errorCode()).contains("invalid_config_type_change");
        assertThat(refused.apiMessage().orElseThrow()).startsWith("config.type: ");
        assertThat(environments().retrieve(created.id())).isEqualTo(created);
    }

    @Test
    void an_archived_environment_can_be_read_but_neither_changed_nor_used() {
        var created = platform.newEnvironment();
        var archived = environments().archive(created.id());
        assertThat(archived.archivedAt()).isPresent();
        assertThat(environments().archive(created.id())).isEqualTo(archived);
        assertThat(environments().retrieve(created.id())).isEqualTo(archived);

        var refused = catchThrowableOfType(BadRequestException.class,
                () -> environments().update(change(created).name("new").build()));
        assertThat(refused.errorCode()).contains("environment_archived");
        var agent = platform.newAgent();
        var unusable = catchThrowableOfType(BadRequestException.class,
                () -> platform.newSession(agent.id(), created.id()));
        assertThat(unusable.errorCode()).contains("environment_archived");
        assertThat(unusable.apiMessage().orElseThrow()).startsWith("environment_id: ");
    }

    @Test
    void a_deleted_environment_is_gone() {
        var created = platform.newEnvironment();
        var deleted = environments().delete(created.id());
        assertThat(deleted.id()).isEqualTo(created.id());
        assertThat(deleted._type()).isEqualTo(JsonValue.from("environment_deleted"));
        var missing = catchThrowableOfType(NotFoundException.class, () -> environments().retrieve(created.id()));
        assertThat(missing.errorCode()).contains("environment_not_found");
        assertThat(catchThrowableOfType(NotFoundException.class, () -> environments().delete(created.id())))
                .isNotNull();
        assertThat(environments().list().items()).extracting(BetaEnvironment::id).doesNotContain(created.id());
        var agent = platform.newAgent();
        var unusable = catchThrowableOfType(NotFoundException.class,
                () -> platform.newSession(agent.id(), created.id()));
        assertThat(unusable.errorCode()).contains("environment_not_found");
    }

    @Test
    void an_environment_is_not_deleted_while_a_session_uses_it_and_the_sdk_does_not_insist() {
        var created = platform.newEnvironment();
        var session = platform.newSession(platform.newAgent().id(), created.id());
        var naps = new Naps();
        var client = platform.client().sleeper(naps).build();
        var conflict = catchThrowableOfType(ConflictException.class,
                () -> client.beta().environments().delete(created.id()));
        client.close();
        assertThat(conflict.type()).contains(ErrorType.CONFLICT_ERROR);
        assertThat(naps.taken()).isZero();

        var sessions = platform.sdk().beta().sessions();
        sessions.archive(session.id());
        assertThat(catchThrowableOfType(ConflictException.class, () -> environments().delete(created.id())))
                .as("an archived session still uses it")
                .isNotNull();
        sessions.delete(session.id());
        assertThat(environments().delete(created.id()).id()).isEqualTo(created.id());
    }

    @Test
    void a_list_is_walked_newest_first_page_by_page() {
        var made = IntStream.range(0, 5).mapToObj(_ -> platform.newEnvironment().id()).toList();
        environments().archive(made.get(2));
        var page = environments().list(EnvironmentListParams.builder().limit(2).build());
        assertThat(page.items()).extracting(BetaEnvironment::id).containsExactly(made.get(4), made.get(3));
        assertThat(page.autoPager().stream()).extracting(BetaEnvironment::id)
                .startsWith(made.get(4), made.get(3), made.get(1), made.get(0))
                .doesNotContain(made.get(2))
                .doesNotHaveDuplicates();
        assertThat(environments().list(EnvironmentListParams.builder().includeArchived(true).build())
                .autoPager()
                .stream()).extracting(BetaEnvironment::id)
                .startsWith(made.get(4), made.get(3), made.get(2), made.get(1), made.get(0));
    }
}
