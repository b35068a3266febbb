package dev.handloom.sandbox.environments;

import dev.handloom.api.Json;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Metadata;
import dev.handloom.kit.http.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads environments from requests (contract/resources.md §2). */
final class DefinitionFields {
    private static final int NAME_CHARS_MAX = 256;
    private static final int DESCRIPTION_CHARS_MAX = 2048;
    private static final int HOSTS_MAX = 256;
    private static final int HOST_CHARS_MAX = 253;
    private static final int PACKAGES_MAX = 256;
    private static final int PACKAGE_CHARS_MAX = 256;
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final List<String> PACKAGE_KINDS = List.of("apt", "cargo", "gem", "go", "npm", "pip");
    private static final String[] FIELDS = {"name", "description", "config", "metadata", "scope"};

    private DefinitionFields() {}

    static Definition create(Fields body) {
        scope(body.know(FIELDS));
        return new Definition(body.requireString("name", 1, NAME_CHARS_MAX),
                body.optionalString("description", DESCRIPTION_CHARS_MAX), config(body, null),
                body.metadata("metadata"));
    }

    /** What is not sent stays; metadata with null or "" goes. */
    static Definition change(Definition stored, Fields body) {
        scope(body.know(FIELDS));
        return new Definition(
                body.has("name") ? body.requireString("name", 1, NAME_CHARS_MAX) : stored.name(),
                body.has("description")
                        ? body.optionalString("description", DESCRIPTION_CHARS_MAX)
                        : stored.description(),
                body.hasValue("config") ? config(body, stored.config()) : stored.config(),
                Metadata.patched("metadata", stored.metadata(), emptyGoes(body.metadataPatch("metadata"))));
    }

    private static Map<String, @Nullable String> emptyGoes(Map<String, @Nullable String> patch) {
        var result = new LinkedHashMap<String, @Nullable String>();
        patch.forEach((key, value) -> result.put(key, value == null || value.isEmpty() ? null : value));
        return result;
    }

    /** There is one organization here and no accounts. */
    private static void scope(Fields body) {
        if ("account".equals(body.optionalOneOf("scope", "organization", "account"))) {
            throw body.invalid("scope", "must be \"organization\": this installation has no accounts");
        }
    }

    private static Json config(Fields body, @Nullable Json stored) {
        var old = stored == null ? null : JsonMapper.shared().readTree(stored.text());
        var config = JsonMapper.shared().createObjectNode();
        var fields = body.optionalObject("config");
        var type = fields == null ? "cloud" : fields.requireOneOf("type", "cloud", "self_hosted");
        if (old != null && !old.path("type").asString().equals(type)) {
            throw Problem.invalid("config.type", "invalid_config_type_change: an environment keeps its type",
                    "invalid_config_type_change");
        }
        config.put("type", type);
        if (fields == null || type.equals("cloud")) {
            networking(fields, old, config);
            packages(fields, old, config);
        } else {
            fields.know("type");
        }
        return new Json(config.toString());
    }

    private static void networking(@Nullable Fields cloud, @Nullable JsonNode old, ObjectNode config) {
        var given = cloud == null ? null : cloud.know("type", "networking", "packages").optionalObject("networking");
        if (given == null) {
            config.set("networking", old == null
                    ? JsonMapper.shared().createObjectNode().put("type", "unrestricted")
                    : old.path("networking"));
            return;
        }
        var networking = config.putObject("networking")
                .put("type",
                        given.requireOneOf("type", "unrestricted", "limited"));
        if (networking.path("type").asString().equals("unrestricted")) {
            given.know("type");
            return;
        }
        var before = old == null ? JsonMapper.shared().createObjectNode() : old.path("networking");
        given.know("type", "allowed_hosts", "allow_mcp_servers", "allow_package_managers");
        var hosts = networking.putArray("allowed_hosts");
        if (given.has("allowed_hosts")) {
            hosts(given).forEach(hosts::add);
        } else {
            before.path("allowed_hosts").forEach(hosts::add);
        }
        for (var flag : List.of("allow_mcp_servers", "allow_package_managers")) {
            networking.put(flag, given.bool(flag, before.path(flag).asBoolean(false)));
        }
    }

    private static List<String> hosts(Fields networking) {
        var hosts = networking.strings("allowed_hosts", HOSTS_MAX, HOST_CHARS_MAX);
        for (int i = 0; i < hosts.size(); i++) {
            if (!HOST.matcher(hosts.get(i)).matches()) {
                throw networking.invalid("allowed_hosts[" + i + "]",
                        "must be a host such as example.com or *.example.com, without scheme, port or path");
            }
        }
        return hosts;
    }

    private static List<String> names(String kind, Fields packages) {
        var names = packages.strings(kind, PACKAGES_MAX, PACKAGE_CHARS_MAX);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isBlank()) {
                throw packages.invalid(kind + "[" + i + "]", "must name a package");
            }
        }
        return names;
    }

    private static void packages(@Nullable Fields cloud, @Nullable JsonNode old, ObjectNode config) {
        var given = cloud == null ? null : cloud.optionalObject("packages");
        if (given != null) {
            given.know("type", "apt", "cargo", "gem", "go", "npm", "pip").optionalOneOf("type", "packages");
        }
        var packages = config.putObject("packages").put("type", "packages");
        for (var kind : PACKAGE_KINDS) {
            var list = packages.putArray(kind);
            if (given != null && given.has(kind)) {
                names(kind, given).forEach(list::add);
            } else if (old != null) {
                old.path("packages").path(kind).forEach(list::add);
            }
            var networking = config.path("networking");
            if (!list.isEmpty() && networking.path("type").asString().equals("limited")
                    && !networking.path("allow_package_managers").asBoolean()) {
                throw Problem.invalid("config.packages." + kind,
                        "needs networking.allow_package_managers while networking is limited");
            }
        }
    }
}
