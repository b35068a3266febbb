package dev.handloom.load.report;

import dev.handloom.load.measure.Machine;
import dev.handloom.load.workload.Report;

/**
 * What stands in a result file.
 *
 * @param code   the commit that was measured, as far as known
 * @param server how it was run
 */
public record Result(Machine machine, String code, String server, Report measured) {}
