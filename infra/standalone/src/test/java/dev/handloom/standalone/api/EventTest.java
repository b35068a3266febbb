package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotImplementedException;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401Params;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolsetDefaultConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAlwaysAskPolicy;
import com.anthropic.models.beta.agents.BetaManagedAgentsCustomToolInputSchema;
import com.anthropic.models.beta.agents.BetaManagedAgentsCustomToolParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsBase64ImageSource;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsDocumentBlock;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsPlainTextDocumentSource;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSystemMessageEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsTextRubricParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserCustomToolResultEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserDefineOutcomeEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserMessageEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserToolConfirmationEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserToolResultEventParams;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each type of event a client may send, through the official SDK: its echo, and what the history keeps of it. */
class EventTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final BetaManagedAgentsUserMessageEventParams CALL_WEATHER = Talk.message("""
            {"rehearse":[{"call":[{"name":"get_weather","input":{"city":"Turin","exactly":0.1}}]},{"say":"done"}]}""");
    private static final BetaManagedAgentsUserMessageEventParams CALL_BASH = Talk.message("""
            {"rehearse":[{"call":[{"name":"bash","input":{"command":"true"}}]},{"say":"done"}]}""");

    private static Talk talk() {
        return Talk.with(platform, platform.newSession().id());
    }

    /** With an agent whose client answers {@code get_weather}, and whose own tools all ask first. */
    private static Talk talkWithTools() {
        var agent = platform.sdk()
                .beta()
                .agents()
                .create(platform.agent("tools")
                        .addTool(BetaManagedAgentsCustomToolParams.builder()
                                .name("get_weather")
                                .description("The weather of a city.")
                                .inputSchema(BetaManagedAgentsCustomToolInputSchema.builder().build())
                                .build())
                        .addTool(BetaManagedAgentsAgentToolset20260401Params.builder()
                                .defaultConfig(BetaManagedAgentsAgentToolsetDefaultConfigParams.builder()
                                        .permissionPolicy(BetaManagedAgentsAlwaysAskPolicy.builder().build())
                                        .build())
                                .build())
                        .build());
        return Talk.with(platform, platform.newSession(agent.id(), platform.newEnvironment().id()).id());
    }

    private static String owed(List<BetaManagedAgentsStreamSessionEvents> heard) {
        var ids = heard.getLast().asSessionStatusIdle().stopReason().asRequiresAction().eventIds();
        assertThat(ids).hasSize(1);
        return ids.getFirst();
    }

    @Test
    void a_message_is_echoed_with_its_id_and_kept_block_by_block() {
        var talk = talk();
        var message = BetaManagedAgentsUserMessageEventParams.builder()
                .addTextContent("Where is my order? 🧵")
                .addImageContent(BetaManagedAgentsBase64ImageSource.builder()
                        .mediaType("image/png")
                        .data("iVBORw0KGgo=")
                        .build())
                .addUrlImageContent("https://example.com/a.png")
                .addContent(BetaManagedAgentsDocumentBlock.builder()
                        .source(BetaManagedAgentsPlainTextDocumentSource.builder().data("plain").build())
                        .title("notes")
                        .context("from the desk")
                        .build())
                .addUrlDocumentContent("https://example.com/a.pdf")
                .build();
        var echo = talk.send(message).data().orElseThrow();
        assertThat(echo).hasSize(1);
        var echoed = echo.getFirst().asUserMessage();
        assertThat(echoed.id()).matches("sevt_01\\w{22}");
        assertThat(echoed.content()).hasSize(5);
        assertThat(echoed.content().get(0).asText().text()).isEqualTo("Where is my order? 🧵");
        assertThat(echoed.content().get(1).asImage().source().asBase64().data()).isEqualTo("iVBORw0KGgo=");
        assertThat(echoed.content().get(2).asImage().source().asUrl().url()).isEqualTo("https://example.com/a.png");
        assertThat(echoed.content().get(3).asDocument().title()).contains("notes");
        assertThat(echoed.content().get(3).asDocument().source().asText().data()).isEqualTo("plain");
        assertThat(echoed.content().get(4).asDocument().source().asUrl().url()).isEqualTo("https://example.com/a.pdf");

        var kept = talk.history().stream().filter(event -> event.isUserMessage()).toList();
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst().asUserMessage().id()).isEqualTo(echoed.id());
        assertThat(kept.getFirst().asUserMessage().content()).isEqualTo(echoed.content());
        assertThat(kept.getFirst().processedAt()).isPresent();
    }

    @Test
    void an_interrupt_is_echoed_and_kept() {
        var talk = talk();
        var echo = talk.send(Talk.INTERRUPT).data().orElseThrow().getFirst().asUserInterrupt();
        assertThat(talk.types()).containsExactly("user.interrupt");
        assertThat(talk.history().getFirst().id()).isEqualTo(echo.id());
    }

    @Test
    void a_custom_tool_result_is_echoed_as_processed_and_answers_the_call() {
        var talk = talkWithTools();
        var heard = talk.untilIdle(CALL_WEATHER);
        var call = heard.stream().flatMap(event -> event.agentCustomToolUse().stream()).findFirst().orElseThrow();
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(call.input()._additionalProperties()).containsOnlyKeys("city", "exactly");
        assertThat(owed(heard)).isEqualTo(call.id());

        var result = BetaManagedAgentsUserCustomToolResultEventParams.builder()
                .customToolUseId(call.id())
                .addTextContent("{\"temperature_c\": 14}")
                .isError(false)
                .build();
        var echo = talk.send(BetaManagedAgentsEventParams.ofUserCustomToolResult(result)).data().orElseThrow();
        var echoed = echo.getFirst().asUserCustomToolResult();
        assertThat(echoed.processedAt()).isPresent();
        assertThat(echoed.customToolUseId()).isEqualTo(call.id());
        assertThat(echoed.isError()).contains(false);
        var kept = talk.history().stream().flatMap(event -> event.userCustomToolResult().stream()).toList();
        assertThat(kept).containsExactly(echoed);

        var again = talk.send(BetaManagedAgentsEventParams.ofUserCustomToolResult(result));
        assertThat(again.data().orElseThrow()).as("a second answer is taken and has no effect").hasSize(1);
        assertThat(talk.history().stream().filter(event -> event.isUserCustomToolResult())).hasSize(1);
    }

    @Test
    void a_confirmation_is_echoed_and_a_denial_reaches_the_agent() {
        var talk = talkWithTools();
        var toolUseId = owed(talk.untilIdle(CALL_BASH));
        var denial = BetaManagedAgentsUserToolConfirmationEventParams.builder()
                .toolUseId(toolUseId)
                .result(BetaManagedAgentsUserToolConfirmationEventParams.Result.DENY)
                .denyMessage("not on my machine")
                .build();
        var heard = talk.untilIdle(BetaManagedAgentsEventParams.ofUserToolConfirmation(denial));
        assertThat(heard.getLast().asSessionStatusIdle().stopReason().isEndTurn()).isTrue();
        var kept = talk.history().stream().flatMap(event -> event.userToolConfirmation().stream()).toList();
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst().toolUseId()).isEqualTo(toolUseId);
        assertThat(kept.getFirst().result().asString()).isEqualTo("deny");
        assertThat(kept.getFirst().denyMessage()).contains("not on my machine");
        var answer = talk.history().stream().flatMap(event -> event.agentToolResult().stream()).findFirst();
        assertThat(answer.orElseThrow().isError()).contains(true);
        assertThat(answer.orElseThrow().content().orElseThrow().getFirst().asText().text())
                .contains("not on my machine");
    }

    @Test
    void a_tool_result_belongs_to_self_hosted_environments() {
        var talk = talkWithTools();
        var toolUseId = owed(talk.untilIdle(CALL_BASH));
        var before = talk.history();
        var result = BetaManagedAgentsUserToolResultEventParams.builder().toolUseId(toolUseId).build();
        var refused = catchThrowableOfType(BadRequestException.class,
                () -> talk.send(BetaManagedAgentsEventParams.ofUserToolResult(result)));
        assertThat(refused.apiMessage().orElseThrow()).contains(toolUseId);
        assertThat(talk.history()).isEqualTo(before);
    }

    @Test
    void a_system_message_may_follow_a_message() {
        var talk = talk();
        var system = BetaManagedAgentsSystemMessageEventParams.builder().addTextContent("The user is in a hurry.");
        var echo = talk.send(BetaManagedAgentsEventParams.ofUserMessage(Talk.message("hi")),
                BetaManagedAgentsEventParams.ofSystemMessage(system.build())).data().orElseThrow();
        assertThat(echo).hasSize(2);
        assertThat(echo.getLast().asSystemMessage().content().getFirst().text()).isEqualTo("The user is in a hurry.");
        assertThat(talk.types()).containsSubsequence("user.message", "system.message");
    }

    @Test
    void an_outcome_waits_for_a_later_version() {
        var talk = talk();
        var outcome = BetaManagedAgentsUserDefineOutcomeEventParams.builder()
                .description("done")
                .rubric(BetaManagedAgentsTextRubricParams.builder().content("is it done?").build())
                .build();
        var refused = catchThrowableOfType(NotImplementedException.class,
                () -> talk.send(BetaManagedAgentsEventParams.ofUserDefineOutcome(outcome)));
        assertThat(refused.apiMessage().orElseThrow()).contains("Not built yet", "outcomes");
        assertThat(talk.types()).isEmpty();
    }

    @Test
    void while_an_answer_is_owed_a_message_is_refused() {
        var talk = talkWithTools();
        var toolUseId = owed(talk.untilIdle(CALL_WEATHER));
        var before = talk.history();
        var refused = catchThrowableOfType(BadRequestException.class, () -> talk.send(Talk.message("hello?")));
        assertThat(refused.apiMessage().orElseThrow()).startsWith("events: ").contains(toolUseId);
        assertThat(talk.history()).isEqualTo(before);
    }

    @Test
    void a_request_is_taken_whole_or_not_at_all() {
        var talk = talk();
        var confirmation = BetaManagedAgentsUserToolConfirmationEventParams.builder()
                .toolUseId("sevt_01none")
                .result(BetaManagedAgentsUserToolConfirmationEventParams.Result.ALLOW)
                .build();
        var refused = catchThrowableOfType(BadRequestException.class,
                () -> talk.send(BetaManagedAgentsEventParams.ofUserMessage(Talk.message("first")),
                        BetaManagedAgentsEventParams.ofUserToolConfirmation(confirmation)));
        assertThat(refused.apiMessage().orElseThrow()).contains("sevt_01none");
        assertThat(talk.types()).isEmpty();
        assertThat(platform.sdk().beta().sessions().retrieve(talk.sessionId()).status().asString()).isEqualTo("idle");
    }

    @Test
    void several_messages_are_echoed_in_order() {
        var talk = talk();
        var echo = talk.send(BetaManagedAgentsEventParams.ofUserMessage(Talk.message("one")),
                BetaManagedAgentsEventParams.ofUserMessage(Talk.message("two")),
                BetaManagedAgentsEventParams.ofUserMessage(Talk.message("three"))).data().orElseThrow();
        assertThat(echo).extracting(event -> event.asUserMessage().content().getFirst().asText().text())
                .containsExactly("one", "two", "three");
    }
}
