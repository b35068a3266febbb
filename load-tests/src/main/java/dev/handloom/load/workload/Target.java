package dev.handloom.load.workload;

import dev.handloom.load.measure.Cpu;
import dev.handloom.load.measure.Disk;
import java.net.URI;

/**
 * The server to be measured.
 *
 * @param server what can be seen of its CPU time; nothing, when it runs elsewhere
 * @param disk   the one its log is on, as far as we know
 * @param hands  which hands it says it has, or that this is not known
 */
public record Target(URI url, String key, Cpu server, Disk disk, String hands) {}
