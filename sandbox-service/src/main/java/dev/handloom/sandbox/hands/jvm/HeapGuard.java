package dev.handloom.sandbox.hands.jvm;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the embedded call that has allocated the most when the heap is still nearly full after a full collection. The
 * engine's community edition cannot limit the memory of one script: this, after the shell's own limits, is what stands
 * between a script and the heap of everybody. It is no wall: what allocates faster than it is told to stop can still
 * exhaust the heap.
 */
final class HeapGuard {
    private static final Logger log = LoggerFactory.getLogger(HeapGuard.class);
    /** Of the largest heap this JVM may have. */
    private static final double NEARLY_FULL = 0.85;
    private static final HeapGuard OF_THIS_JVM = new HeapGuard();

    private final Semaphore asked = new Semaphore(1);
    private final Set<Watched> running = ConcurrentHashMap.newKeySet();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans()
            .stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());

    private HeapGuard() {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener((notification, _) -> collected(notification), null, null);
            }
        }
    }

    /** A call that this thread runs, from now until it is closed. */
    static Watched watch(StopSign stop) {
        var watched = OF_THIS_JVM.new Watched(stop, Thread.currentThread().threadId());
        OF_THIS_JVM.running.add(watched);
        return watched;
    }

    final class Watched implements AutoCloseable {
        private final StopSign stop;
        private final long thread;
        private final long allocatedBefore;

        private Watched(StopSign stop, long thread) {
            this.stop = stop;
            this.thread = thread;
            this.allocatedBefore = threads.getThreadAllocatedBytes(thread);
        }

        private long allocated() {
            return threads.getThreadAllocatedBytes(thread) - allocatedBefore;
        }

        @Override
        public void close() {
            running.remove(this);
        }
    }

    private void collected(Notification notification) {
        if (!notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                || running.isEmpty()) {
            return;
        }
        var collection = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
        long used = collection.getGcInfo()
                .getMemoryUsageAfterGc()
                .entrySet()
                .stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        if (used < NEARLY_FULL * Runtime.getRuntime().maxMemory()) {
            return;
        }
        if (collection.getGcAction().contains("major") || collection.getGcAction().contains("cycle")) {
            stopOne(used);
        } else {
            askForFullCollection();
        }
    }

    /** A partial one leaves garbage, and nobody shall be stopped for that. */
    private void askForFullCollection() {
        if (asked.tryAcquire()) {
            Thread.ofPlatform().daemon().name("jvm-hand-heap").start(() -> {
                System.gc();
                asked.release();
            });
        }
    }

    /** One at a time: what the last one held is only free when it has ended. */
    private void stopOne(long used) {
        if (running.stream().noneMatch(watched -> watched.stop.isUp())) {
            running.stream().max(Comparator.comparingLong(Watched::allocated)).ifPresent(watched -> {
                watched.stop.raise(StopSign.Why.OUT_OF_MEMORY);
                log.warn("embedded call stopped: {} MB of the heap in use after a collection, and it allocated {} MB",
                        used >> 20, watched.allocated() >> 20);
            });
        }
    }
}
