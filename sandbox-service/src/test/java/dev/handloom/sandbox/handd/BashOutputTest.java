package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs of every length, and the directory where the long ones are kept. */
@Timeout(120)
class BashOutputTest {
    private static final int TAIL = 102_400;
    private static final long KEPT = 32 << 20;

    @TempDir
    Path folder = Path.of("");
    private Handd handd;

    @BeforeEach
    void start() {
        handd = Handd.start(folder);
    }

    @AfterEach
    void end() {
        handd.close();
    }

    private List<String> kept() throws IOException {
        try (var files = Files.list(handd.run())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String numbers(int count) {
        var text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            text.append(i).append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, TAIL - 1, TAIL})
    void what_fits_the_answer_is_in_it_and_nowhere_else(int length) throws IOException {
        var answer = handd.bash("head -c " + length + " /dev/zero");
        assertThat(answer.output()).isEqualTo(new byte[length]);
        assertThat(answer.flags()).isZero();
        assertThat(answer.kept()).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Test
    void a_longer_output_is_answered_by_its_end_and_kept_whole() throws IOException {
        var whole = numbers(30_000);
        var answer = handd.bash("seq 30000");
        assertThat(answer.text()).isEqualTo(whole.substring(whole.length() - TAIL));
        assertThat(answer.flags()).isEqualTo(Answer.CUT);
        assertThat(answer.total()).isEqualTo(whole.length());
        assertThat(Files.readString(Path.of(answer.kept()))).isEqualTo(whole);
        assertThat(handd.call(Tool.read(answer.kept(), 1, 2, 1000)).read().content()).isEqualTo("1\n2\n");
    }

    @Test
    void one_byte_more_than_fits_is_cut() {
        var answer = handd.bash("echo -n x; head -c " + TAIL + " /dev/zero");
        assertThat(answer.output()).isEqualTo(new byte[TAIL]);
        assertThat(answer.total()).isEqualTo(TAIL + 1);
        assertThat(answer.flags()).isEqualTo(Answer.CUT);
    }

    @Test
    void only_the_newest_four_are_kept() throws IOException {
        var names = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            names.add(Path.of(handd.bash("seq 30000").kept()).getFileName().toString());
        }
        assertThat(kept()).containsExactlyInAnyOrderElementsOf(names.subList(2, 6));
    }

    @Test
    void together_they_are_never_more_than_the_limit() throws IOException {
        handd.bash("seq 30000");
        handd.bash("head -c 20000000 /dev/zero");
        var last = handd.bash("head -c 20000000 /dev/zero");
        assertThat(last.flags()).isEqualTo(Answer.CUT);
        assertThat(kept()).containsExactly(Path.of(last.kept()).getFileName().toString());
    }

    @Test
    void of_an_output_beyond_the_limit_the_beginning_is_kept_and_all_of_it_counted() throws IOException {
        var answer = handd.bash("head -c 40000000 /dev/zero; echo end");
        assertThat(answer.exit()).isZero();
        assertThat(answer.total()).isEqualTo(40_000_004);
        assertThat(answer.flags()).isEqualTo(Answer.CUT | Answer.FULL);
        assertThat(answer.text()).endsWith("\0end\n");
        assertThat(Files.size(Path.of(answer.kept()))).isEqualTo(KEPT);
    }

    @Test
    void an_output_without_end_is_ended() {
        var answer = handd.bash("yes");
        assertThat(answer.exit()).isEqualTo(141);
        assertThat(answer.flags()).isEqualTo(Answer.CUT | Answer.FULL);
        assertThat(answer.total()).isBetween(256L << 20, (256L << 20) + (1 << 20));
        assertThat(handd.bash("echo x").text()).isEqualTo("x\n");
    }

    @Test
    void a_run_directory_that_was_emptied_is_no_loss() {
        var answer = handd.bash("rm -rf " + handd.run() + "/*; echo x");
        assertThat(answer.text()).isEqualTo("x\n");
        assertThat(handd.bash("seq 30000").total()).isEqualTo(168_894);
        assertThat(handd.bash("echo x").text()).isEqualTo("x\n");
    }

    @Test
    void what_lies_in_the_way_is_removed() throws IOException {
        var secret = folder.resolve("secret");
        Files.writeString(secret, "untouched");
        // The next calls' names, as links, files and FIFOs.
        handd.bash("for i in $(seq 1 40); do ln -s " + secret + " " + handd.run() + "/$i.out; ln -s " + secret + " "
                + handd.run() + "/$i.sh; mkfifo " + handd.run() + "/$i.pipe; done 2>/dev/null");
        for (int i = 0; i < 5; i++) {
            assertThat(handd.bash("seq 30000").total()).isEqualTo(168_894);
        }
        assertThat(secret).hasContent("untouched");
    }

    @Test
    void a_directory_in_the_way_fails_its_call_and_no_other() {
        handd.bash("mkdir -p " + handd.run() + "/2.sh/x");
        assertThat(handd.call(Tool.bash("echo x")).failure().message()).contains("cannot be put into");
        assertThat(handd.bash("echo x").text()).isEqualTo("x\n");
    }

    @Test
    void the_answer_ends_with_what_was_written_last_even_while_a_job_goes_on_writing() {
        var answer = handd.bash("(while :; do echo noise; done) & sleep 0.05; echo last");
        assertThat(answer.text()).contains("last\n");
        assertThat(handd.bash("echo x").text()).isEqualTo("x\n");
    }
}
