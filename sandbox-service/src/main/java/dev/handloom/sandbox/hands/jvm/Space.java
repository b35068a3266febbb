package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.jvm.FileRefused.Errno;
import java.util.concurrent.atomic.AtomicLong;

/** How much files may take: those of one hand, within what those of all hands of this JVM may. */
final class Space {
    private final AtomicLong takenByAll;
    private final long bytesMaxOfAll;
    private final long bytesMax;
    private final int entriesMax;
    private long bytes;
    private int entries;
    private boolean closed;

    /**
     * @param takenByAll    counted here for all hands that share it
     * @param bytesMaxOfAll of all hands together; beyond that ENOSPC
     * @param bytesMax      of this hand; beyond that ENOSPC
     * @param entriesMax    files, folders and links of this hand; beyond that ENOSPC
     */
    Space(AtomicLong takenByAll, long bytesMaxOfAll, long bytesMax, int entriesMax) {
        this.takenByAll = takenByAll;
        this.bytesMaxOfAll = bytesMaxOfAll;
        this.bytesMax = bytesMax;
        this.entriesMax = entriesMax;
    }

    /** For a hand that is alone. */
    Space(long bytesMax, int entriesMax) {
        this(new AtomicLong(), bytesMax, bytesMax, entriesMax);
    }

    /** @param more below 0 to give back */
    synchronized void take(long more, Route route) throws FileRefused {
        if (bytes + more > bytesMax) {
            throw new FileRefused(Errno.ENOSPC, "no more than " + bytesMax + " bytes in all files", route.toString());
        }
        long taken = closed ? Long.MAX_VALUE : takenByAll.addAndGet(more);
        if (more > 0 && taken > bytesMaxOfAll) {
            takenByAll.addAndGet(closed ? 0 : -more);
            throw new FileRefused(Errno.ENOSPC, "no more than " + bytesMaxOfAll + " bytes in the files of all hands",
                    route.toString());
        }
        bytes += more;
    }

    synchronized void takeEntry(Route route) throws FileRefused {
        if (entries >= entriesMax) {
            throw new FileRefused(Errno.ENOSPC, "no more than " + entriesMax + " files and folders", route.toString());
        }
        entries++;
    }

    synchronized void give(long bytesGone, int entriesGone) {
        bytes -= bytesGone;
        entries -= entriesGone;
        takenByAll.addAndGet(closed ? 0 : -bytesGone);
    }

    /** Gives all back to the other hands; nothing can be taken afterwards. */
    synchronized void close() {
        takenByAll.addAndGet(closed ? 0 : -bytes);
        closed = true;
    }
}
