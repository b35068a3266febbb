package dev.handloom.standalone.doctor;

import org.jspecify.annotations.Nullable;

/** @param advice what to do, or null */
record Finding(Verdict verdict, String name, String what, @Nullable String advice) {
    enum Verdict {
        GOOD,
        /** Not here; the platform does without. */
        ABSENT,
        /** The platform starts, but something about it would not work. */
        WRONG,
        /** The platform would not start. */
        FATAL
    }

    static Finding good(String name, String what) {
        return new Finding(Verdict.GOOD, name, what, null);
    }

    static Finding absent(String name, String what, String advice) {
        return new Finding(Verdict.ABSENT, name, what, advice);
    }

    static Finding wrong(String name, String what, String advice) {
        return new Finding(Verdict.WRONG, name, what, advice);
    }

    static Finding fatal(String name, String what, @Nullable String advice) {
        return new Finding(Verdict.FATAL, name, what, advice);
    }
}
