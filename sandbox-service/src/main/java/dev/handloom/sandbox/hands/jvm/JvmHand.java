package dev.handloom.sandbox.hands.jvm;

import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hand inside this JVM. bash calls run one after the other; the other tools work on the same files beside them and wait
 * for nobody. It ends with the JVM, and so do its files.
 */
final class JvmHand implements Hand {
    private static final Logger log = LoggerFactory.getLogger(JvmHand.class);
    private static final List<String> FOLDERS = List.of(ToolInput.WORKSPACE, "/tmp", "/root", "/dev",
            "/mnt/session/uploads", "/mnt/session/outputs");

    private final SessionId session;
    private final HandsSettings settings;
    private final Space space;
    private final Calls calls = new Calls();
    private final FileTools fileTools;
    private final SearchTools searchTools;
    private final BashTool bash;
    private volatile boolean alive = true;

    JvmHand(SessionId session, HandsSettings settings, Space space) {
        this.session = session;
        this.settings = settings;
        this.space = space;
        var files = files(space);
        this.fileTools = new FileTools(files);
        this.searchTools = new SearchTools(files);
        this.bash = new BashTool(files, settings, () -> end("its shell could not be stopped"));
    }

    private static VirtualFiles files(Space space) {
        var files = new VirtualFiles(space, InstantSource.system());
        try {
            for (var folder : FOLDERS) {
                files.makeFolder(Route.of(folder), true);
            }
            return files;
        } catch (FileRefused impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public SessionId session() {
        return session;
    }

    @Override
    public ToolResult execute(ToolCall request) throws HandDied, InterruptedException {
        requireAlive();
        var begun = calls.begin(request.toolUseId());
        if (begun.isEmpty()) {
            return attach(request).orElseThrow(() -> new HandDied("the call was forgotten while it was asked for"));
        }
        var call = begun.get();
        if (request.input() instanceof ToolInput.Bash input) {
            bash.begin(input, call);
            var patience = settings.callTimeoutMax();
            if (!call.beginsWithin(patience)) {
                call.stop().raise(StopSign.Why.TIMED_OUT);
                call.finish(new ToolResult("bash: not run, after waiting " + patience.toSeconds()
                        + " s for the calls before it", true));
            }
        } else {
            call.begin();
            call.finish(call.stop().isUp() ? Call.CANCELLED : result(request.input(), call));
        }
        return call.await();
    }

    private ToolResult result(ToolInput input, Call call) {
        return switch (input) {
            case ToolInput.Read read -> fileTools.read(read);
            case ToolInput.Write write -> fileTools.write(write);
            case ToolInput.Edit edit -> fileTools.edit(edit);
            case ToolInput.Glob glob -> searchTools.glob(glob);
            case ToolInput.Grep grep -> searchTools.grep(grep, call.stop());
            case ToolInput.Bash _ -> throw new IllegalArgumentException("bash has a thread of its own");
        };
    }

    @Override
    public Optional<ToolResult> attach(ToolCall request) throws HandDied, InterruptedException {
        requireAlive();
        var call = calls.find(request.toolUseId());
        return call.isEmpty() ? Optional.empty() : Optional.of(call.get().await());
    }

    @Override
    public void forget(String toolUseId) {
        calls.forget(toolUseId);
    }

    @Override
    public void cancel(String toolUseId) {
        calls.find(toolUseId).ifPresent(Call::cancel);
    }

    @Override
    public boolean alive() {
        return alive;
    }

    private void requireAlive() throws HandDied {
        if (!alive) {
            throw new HandDied("the embedded sandbox has ended");
        }
    }

    private void end(String why) {
        alive = false;
        calls.all().forEach(call -> call.fail(why));
    }

    @Override
    public void destroy(Duration timeout) {
        end("the embedded sandbox was destroyed");
        space.close();
        try {
            bash.close(timeout);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.warn("embedded hand of {} not closed cleanly", session, failed);
        }
    }
}
