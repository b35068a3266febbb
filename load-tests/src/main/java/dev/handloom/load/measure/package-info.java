/** The instruments: latencies, CPU time, the disk, the machine. */
@NullMarked
package dev.handloom.load.measure;

import org.jspecify.annotations.NullMarked;
