package dev.handloom.load.workload;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a workload measured. Latencies are in milliseconds. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "workload")
public sealed interface Report
        permits Turns.Measured, Append.Measured, LongSession.Measured, Tools.Measured, FanOut.Measured {}
