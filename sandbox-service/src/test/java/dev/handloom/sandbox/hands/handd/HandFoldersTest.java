package dev.handloom.sandbox.hands.handd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandFoldersTest {
    private static final Card CARD = new Card("test", new SessionId("sesn_1"), "nonce", null);

    @TempDir
    private Path around;

    private static HandFolders in(Path data) {
        return new HandFolders(new DataFolder(data));
    }

    @Test
    void a_card_is_found_again_by_the_next_process() throws Exception {
        var made = in(around).make(CARD);
        made.write(CARD.running("container"));
        assertThat(in(around).all()).singleElement().satisfies(found -> {
            assertThat(found.id()).isEqualTo(made.id());
            assertThat(found.card()).contains(new Card("test", new SessionId("sesn_1"), "nonce", "container"));
        });
    }

    @Test
    void a_card_that_cannot_be_read_is_none() throws Exception {
        var made = in(around).make(CARD);
        Files.writeString(made.file("card.json"), "{\"provider\":");
        assertThat(made.card()).isEmpty();
        Files.writeString(made.file("card.json"), "{}");
        assertThat(made.card()).isEmpty();
        Files.delete(made.file("card.json"));
        assertThat(made.card()).isEmpty();
    }

    @Test
    void a_socket_can_be_bound_however_long_the_data_folders_name_is() throws Exception {
        var data = around.resolve("d".repeat(90)).resolve("e".repeat(90));
        var folder = in(data).make(CARD);
        var line = folder.listen(CARD);
        try {
            assertThat(folder.sockets().resolve("hand")).exists();
            assertThat(folder.sockets().startsWith(data)).isTrue();
        } finally {
            line.close();
        }
        assertThat(in(data).all()).hasSize(1);
        folder.delete();
        assertThat(in(data).all()).isEmpty();
        removeLinkTo(data.resolve("hands"));
    }

    /** The short name outlives the test's folder. */
    private static void removeLinkTo(Path hands) throws IOException {
        try (var links = Files.newDirectoryStream(Path.of("/tmp"), "handloom-*-*")) {
            for (var link : links) {
                if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(hands)) {
                    Files.delete(link);
                }
            }
        }
    }

    @Test
    void an_installation_keeps_its_name() throws Exception {
        var name = in(around).installation();
        assertThat(name).startsWith("inst_");
        assertThat(in(around).installation()).isEqualTo(name);
        assertThat(in(around.resolve("another")).installation()).isNotEqualTo(name);
    }

    @Test
    void a_socket_left_by_an_earlier_process_is_in_nobodys_way() throws Exception {
        var folder = in(around).make(CARD);
        folder.listen(CARD).close();
        folder.listen(CARD).close();
    }
}
