package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.errors.NotFoundException;
import com.anthropic.models.models.ModelInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The models an agent may name, through the official SDK. */
class ModelTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    @Test
    void the_rehearsal_model_is_listed_where_no_other_is_configured() {
        var models = platform.sdk().models().list();
        assertThat(models.items()).extracting(ModelInfo::id).containsExactly("rehearsal");
        assertThat(models.hasNextPage()).isFalse();
        assertThat(models.firstId()).contains("rehearsal");
        assertThat(platform.sdk().models().retrieve("rehearsal")).isEqualTo(models.items().getFirst());
        assertThat(platform.sdk().beta().models().list().items()).hasSize(1);
    }

    @Test
    void an_unknown_model_is_a_404() {
        var missing = catchThrowableOfType(NotFoundException.class, () -> platform.sdk().models().retrieve("oracle"));
        assertThat(missing.apiMessage().orElseThrow()).contains("oracle");
    }
}
