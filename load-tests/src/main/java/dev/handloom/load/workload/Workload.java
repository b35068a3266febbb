package dev.handloom.load.workload;

import java.io.IOException;
import java.util.List;

/** One thing that is measured. */
public sealed interface Workload permits Turns, Append, LongSession, Tools, FanOut {
    List<Workload> ALL = List.of(new Turns(), new Append(), new LongSession(), new Tools(), new FanOut());

    /** As it is asked for, and as its result file is named. */
    String name();

    /** @throws IOException when the server refused something, or went away */
    Report run(Bench bench) throws IOException, InterruptedException;
}
