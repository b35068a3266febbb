package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An export as its lines; the chain is worked out as docs/POSITIONS.md says, not as the server does it. */
record Export(List<String> lines) {
    private static final String HASH = ",\"hash\":\"";

    static Export of(Platform platform, String session) {
        var answer = platform.wire().get("/handloom/v1/sessions/" + session + "/export");
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/jsonl");
        assertThat(answer.http().body()).endsWith("\n");
        return new Export(answer.http().body().lines().toList());
    }

    JsonNode json(int line) {
        return JsonMapper.shared().readTree(lines.get(line));
    }

    JsonNode trailer() {
        return json(lines.size() - 1);
    }

    int events() {
        return lines.size() - 2;
    }

    /** The same lines with another in place of one of them, and nothing else changed. */
    Export with(int line, UnaryOperator<String> change) {
        var changed = new ArrayList<>(lines);
        changed.set(line, change.apply(changed.get(line)));
        return new Export(changed);
    }

    Export without(int line) {
        var fewer = new ArrayList<>(lines);
        fewer.remove(line);
        return new Export(fewer);
    }

    /** With the hashes that these lines must have. */
    Export chained() {
        var chained = new ArrayList<String>();
        chained.add(lines.getFirst());
        var hash = "0".repeat(64);
        for (var line : lines.subList(1, lines.size() - 1)) {
            var open = line.substring(0, line.lastIndexOf(HASH));
            hash = sha256(hash + open);
            chained.add(open + HASH + hash + "\"}");
        }
        chained.add("{\"events\":" + events() + HASH + hash + "\"}");
        return new Export(chained);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Sends it to {@code verify} or {@code import}. */
    Wire.Answer to(Platform platform, String path, String... headers) {
        var request = platform.wire()
                .withKey("/handloom/v1/sessions/" + path)
                .header("Content-Type", "application/jsonl");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return platform.wire().send(request.POST(BodyPublishers.ofString(String.join("\n", lines) + "\n")));
    }
}
