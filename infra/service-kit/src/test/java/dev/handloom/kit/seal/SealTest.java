package dev.handloom.kit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.kit.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A seal opens what it sealed, for whom it was sealed, until the key is destroyed. */
class SealTest {
    private static final String ONE = "sesn_one";
    private static final String OTHER = "sesn_other";

    @TempDir
    private Path folder;

    private Seal seal() {
        return Seal.open(new DataFolder(folder), null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static SealedPayload form(byte[] stored) {
        return Objects.requireNonNull(SealedPayload.of(stored));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, SealedPayload.WITHIN_BYTES_MAX - Gcm.EXTRA_BYTES})
    void what_fits_stays_with_the_event_and_opens_as_it_was_after_a_restart_too(int length) {
        var plain = bytes("x".repeat(length));
        byte[] stored;
        try (var seal = seal()) {
            stored = seal.seal(ONE, plain);
            assertThat(seal.open(stored)).isEqualTo(plain);
        }
        assertThat(form(stored).blob()).isNull();
        assertThat(form(stored).plainBytes()).isEqualTo(length);
        assertThat(SealedPayload.plainBytes(stored)).isEqualTo(length);
        try (var seal = seal()) {
            assertThat(seal.open(stored)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SealedPayload.WITHIN_BYTES_MAX - Gcm.EXTRA_BYTES + 1, 5 << 20})
    void what_is_longer_lies_in_a_blob_that_goes_by_its_hash(int length) {
        var plain = bytes("y".repeat(length));
        try (var seal = seal()) {
            var stored = seal.seal(ONE, plain);
            assertThat(stored).hasSizeLessThan(100);
            assertThat(SealedPayload.plainBytes(stored)).isEqualTo(length);
            assertThat(folder.resolve("blobs").resolve(ONE).resolve(String.valueOf(form(stored).blob())))
                    .isRegularFile()
                    .hasSize(length + Gcm.EXTRA_BYTES);
            assertThat(seal.open(stored)).isEqualTo(plain);
        }
    }

    @Test
    void the_same_words_are_never_sealed_alike() {
        try (var seal = seal()) {
            assertThat(seal.seal(ONE, bytes("hello"))).isNotEqualTo(seal.seal(ONE, bytes("hello")));
        }
    }

    @Test
    void no_byte_can_be_changed_or_left_out_unnoticed() {
        try (var seal = seal()) {
            seal.seal(OTHER, bytes("{}"));
            var stored = seal.seal(ONE, bytes("{\"text\":\"a plan\"}"));
            for (int i = form(stored).from(); i < stored.length; i++) {
                var changed = stored.clone();
                changed[i] ^= 1;
                assertThatThrownBy(() -> seal.open(changed)).as("byte %d", i).isInstanceOf(Damaged.class);
            }
            for (int length = 1; length < stored.length; length++) {
                var cut = Arrays.copyOf(stored, length);
                assertThatThrownBy(() -> seal.open(cut)).as("cut to %d", length).isInstanceOf(Damaged.class);
            }
        }
    }

    @Test
    void what_was_sealed_for_one_does_not_open_for_another() {
        try (var seal = seal()) {
            var mine = seal.seal("sesn_a", bytes("mine"));
            seal.seal("sesn_b", bytes("yours"));
            mine[2 + "sesn_a".length() - 1] = 'b';
            assertThat(form(mine).owner()).isEqualTo("sesn_b");
            assertThatThrownBy(() -> seal.open(mine)).isInstanceOf(Damaged.class).hasMessageContaining("sesn_b");
        }
    }

    @Test
    void a_blob_that_is_gone_or_changed_is_damage_that_names_its_owner() throws IOException {
        try (var seal = seal()) {
            var stored = seal.seal(ONE, new byte[100_000]);
            var blob = folder.resolve("blobs").resolve(ONE).resolve(String.valueOf(form(stored).blob()));
            var sealed = Files.readAllBytes(blob);
            sealed[50_000] ^= 1;
            Files.write(blob, sealed);
            assertThatThrownBy(() -> seal.open(stored)).isInstanceOf(Damaged.class).hasMessageContaining(ONE);
            Files.delete(blob);
            assertThatThrownBy(() -> seal.open(stored)).isInstanceOf(Damaged.class).hasMessageContaining("missing");
            assertThat(seal.open(seal.seal(ONE, new byte[100_000]))).hasSize(100_000);
        }
    }

    @Test
    void an_owner_whose_key_is_destroyed_says_nothing_any_more_and_the_others_do() throws IOException {
        try (var seal = seal()) {
            var mine = seal.seal(ONE, bytes("mine"));
            var long1 = seal.seal(ONE, new byte[100_000]);
            var yours = seal.seal(OTHER, bytes("yours"));
            var long2 = seal.seal(OTHER, new byte[100_000]);
            assertThat(seal.isErased(mine)).isFalse();
            seal.erase(ONE);
            seal.erase(ONE);
            seal.erase("sesn_nobody");
            for (var gone : List.of(mine, long1)) {
                assertThat(seal.isErased(gone)).isTrue();
                assertThatThrownBy(() -> seal.open(gone)).isInstanceOf(Erased.class).hasMessageContaining(ONE);
            }
            assertThat(folder.resolve("blobs").resolve(ONE)).doesNotExist();
            assertThat(text(seal.open(yours))).isEqualTo("yours");
            assertThat(seal.open(long2)).hasSize(100_000);
        }
        assertThat(Files.size(folder.resolve("keys.db"))).isPositive();
    }

    @Test
    void two_that_need_a_new_key_at_once_get_the_same() throws Exception {
        try (var seal = seal(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<byte[]>> tasks = IntStream.range(0, 200)
                    .<Callable<byte[]>>mapToObj(i -> () -> seal.seal("sesn_" + i / 20, bytes("word " + i)))
                    .toList();
            int i = 0;
            for (Future<byte[]> stored : threads.invokeAll(tasks)) {
                assertThat(text(seal.open(stored.get()))).isEqualTo("word " + i++);
            }
        }
    }

    @Test
    void the_master_key_is_made_once_for_its_owner_only_and_a_configured_one_is_not_written_down() throws IOException {
        seal().close();
        var file = folder.resolve(MasterKey.FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
        var made = Files.readString(file);
        seal().close();
        assertThat(Files.readString(file)).isEqualTo(made);

        Files.createDirectory(folder.resolve("second"));
        Seal.open(new DataFolder(folder.resolve("second")), key(7)).close();
        assertThat(folder.resolve("second").resolve(MasterKey.FILE)).doesNotExist();
    }

    private static String key(int fill) {
        var key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return Base64.getEncoder().encodeToString(key);
    }

    @Test
    void the_wrong_master_key_or_none_is_refused_in_one_sentence_and_nothing_new_is_made() throws IOException {
        byte[] stored;
        try (var seal = seal()) {
            stored = seal.seal(ONE, bytes("mine"));
        }
        assertThatThrownBy(() -> Seal.open(new DataFolder(folder), key(7)))
                .isInstanceOf(DataFolder.Unusable.class)
                .hasMessageContaining("another master key");
        Files.move(folder.resolve(MasterKey.FILE), folder.resolve("kept"));
        assertThatThrownBy(this::seal).isInstanceOf(DataFolder.Unusable.class)
                .hasMessageContaining("handloom.master-key");
        assertThat(folder.resolve(MasterKey.FILE)).doesNotExist();
        try (var seal = Seal.open(new DataFolder(folder), Files.readString(folder.resolve("kept")))) {
            assertThat(text(seal.open(stored))).isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "not base64 !", "AAAA"})
    void a_master_key_of_another_form_is_refused_by_the_name_of_its_setting(String configured) throws IOException {
        assertThatThrownBy(() -> Seal.open(new DataFolder(folder), configured))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("handloom.master-key ")
                .message()
                .doesNotContain(configured);
        Files.writeString(folder.resolve(MasterKey.FILE), configured);
        assertThatThrownBy(this::seal).isInstanceOf(DataFolder.Unusable.class).hasMessageContaining(MasterKey.FILE);
    }

    @Test
    void a_key_says_nothing_of_itself() {
        assertThat(MasterKey.of(key(7), new DataFolder(folder), false)).hasToString("a master key");
    }

    @Test
    void a_name_that_is_no_name_of_a_folder_gets_no_blob() {
        try (var seal = seal()) {
            assertThatThrownBy(() -> seal.seal("../etc", new byte[100_000]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void what_a_crash_left_half_written_is_removed_at_the_next_start() throws IOException {
        try (var seal = seal()) {
            seal.seal(ONE, new byte[100_000]);
        }
        var half = folder.resolve("blobs").resolve(ONE).resolve("blob123.new");
        Files.writeString(half, "half");
        seal().close();
        assertThat(half).doesNotExist();
        try (var files = Files.list(folder.resolve("blobs").resolve(ONE))) {
            assertThat(files).hasSize(1);
        }
    }
}
