package dev.handloom.sandbox.hands.jvm;

import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a name in a folder stands for. Two names may stand for one {@link Plain} file. */
abstract sealed class Node {
    private final long number;
    private int mode;
    private Instant changed;

    private Node(long number, int mode, Instant changed) {
        this.number = number;
        this.mode = mode;
        this.changed = changed;
    }

    /** Numbered from 1, never twice. */
    long number() {
        return number;
    }

    int mode() {
        return mode;
    }

    void mode(int bits) {
        mode = bits & 07777;
    }

    Instant changed() {
        return changed;
    }

    void changed(Instant at) {
        changed = at;
    }

    static final class Folder extends Node {
        private final SortedMap<String, Node> entries = new TreeMap<>();

        Folder(long number, Instant now) {
            super(number, 0755, now);
        }

        SortedMap<String, Node> entries() {
            return entries;
        }
    }

    static final class Link extends Node {
        private final String target;

        Link(long number, String target, Instant now) {
            super(number, 0777, now);
            this.target = target;
        }

        String target() {
            return target;
        }
    }

    static final class Plain extends Node {
        private static final byte[] NOTHING = {};

        private byte[] bytes = NOTHING;
        private int size;
        private int names = 1;

        Plain(long number, Instant now) {
            super(number, 0644, now);
        }

        Content content() {
            return new Content(bytes, size);
        }

        /** The memory it takes, in bytes: up to half as much again as is in it. */
        int room() {
            return bytes.length;
        }

        /** The memory it will take when {@code more} bytes have been appended. */
        int roomWith(int more) {
            long needed = (long) size + more;
            return needed <= bytes.length ? bytes.length : (int) Math.min(Integer.MAX_VALUE, needed + needed / 2);
        }

        void replace(byte[] content) {
            bytes = content;
            size = content.length;
        }

        void append(byte[] more) {
            if (roomWith(more.length) > bytes.length) {
                bytes = Arrays.copyOf(bytes, roomWith(more.length));
            }
            System.arraycopy(more, 0, bytes, size, more.length);
            size += more.length;
        }

        /** How many folders' entries stand for it. */
        int names() {
            return names;
        }

        void named(int oneMoreOrLess) {
            names += oneMoreOrLess;
        }
    }
}
