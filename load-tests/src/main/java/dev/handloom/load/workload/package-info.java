/** The workloads, one class each: what is done to the server, and what is written down of it. */
@NullMarked
package dev.handloom.load.workload;

import org.jspecify.annotations.NullMarked;
