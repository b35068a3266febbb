package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whoever waits out a full disk is told once when there is room again. */
class RoomWatchTest {
    private final AtomicLong room = new AtomicLong(1 << 30);
    private final AtomicInteger told = new AtomicInteger();
    private final RoomWatch watch = new RoomWatch(room::get, told::incrementAndGet);

    private void look(long roomBytes) {
        room.set(roomBytes);
        watch.look();
    }

    @Test
    void nobody_is_told_while_there_is_room_or_none() {
        look(1 << 30);
        look(1 << 30);
        look(0);
        look(100);
        assertThat(told).hasValue(0);
    }

    @Test
    void each_return_of_room_is_told_once() {
        look(0);
        look(1 << 30);
        look(1 << 30);
        assertThat(told).hasValue(1);
        look(0);
        look(2 << 20);
        assertThat(told).hasValue(2);
    }

    @Test
    void a_disk_that_cannot_be_asked_is_asked_again() {
        look(0);
        var broken = new RoomWatch(() -> {
            throw new IllegalStateException("no answer");
        }, told::incrementAndGet);
        broken.look();
        broken.look();
        assertThat(told).hasValue(0);
        look(1 << 30);
        assertThat(told).hasValue(1);
    }
}
