package dev.handloom.harness.agents;

import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields {@code tools} and {@code mcp_servers}, which must agree with each other (contract/resources.md §1.1, §1.2). */
final class ToolFields {
    private static final int TOOLS_MAX = 256;
    private static final int MCP_SERVERS_MAX = 20;
    private static final int SERVER_NAME_CHARS_MAX = 255;
    private static final int URL_CHARS_MAX = 2048;
    private static final int NAME_CHARS_MAX = 128;
    private static final int DESCRIPTION_CHARS_MAX = 10_000;
    private static final int PROPERTIES_MAX = 1000;
    private static final int PROPERTY_CHARS_MAX = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Set<String> HANDS = Set.of("bash", "read", "write", "edit", "glob", "grep");
    private static final Set<String> WEB = Set.of("web_fetch", "web_search");
    private static final int BUILT_IN = 8;

    private final Set<String> customNames = new HashSet<>();
    private final Set<String> mcpToolsets = new TreeSet<>();
    private boolean agentToolset;
    private int count;

    /** @return the tools, every default filled in */
    ArrayNode tools(Fields body) {
        var tools = JsonMapper.shared().createArrayNode();
        for (var tool : body.objects("tools", TOOLS_MAX)) {
            switch (tool.requireOneOf("type", "agent_toolset_20260401", "mcp_toolset", "custom")) {
                case "custom" -> tools.add(custom(tool));
                case "mcp_toolset" -> tools.add(mcpToolset(tool));
                default -> tools.add(agentToolset(tool));
            }
        }
        if (count > TOOLS_MAX) {
            throw body.invalid("tools", "may offer at most " + TOOLS_MAX + " tools in all, not " + count);
        }
        return tools;
    }

    private ObjectNode agentToolset(Fields toolset) {
        toolset.only("type", "default_config", "configs");
        if (agentToolset) {
            throw toolset.invalid("type", "agent_toolset_20260401 may be given only once");
        }
        agentToolset = true;
        count += BUILT_IN;
        var json = JsonMapper.shared().createObjectNode().put("type", "agent_toolset_20260401");
        var otherwise = defaults(toolset, json, "always_allow");
        var configs = json.putArray("configs");
        var seen = new HashSet<String>();
        for (var entry : toolset.objects("configs", BUILT_IN)) {
            var name = entry.requireString("name", 1, NAME_CHARS_MAX);
            if (!HANDS.contains(name) && !WEB.contains(name)) {
                throw entry.invalid("name", "is not a tool of agent_toolset_20260401: " + name);
            }
            if (!seen.add(name)) {
                throw entry.invalid("name", "appears twice: " + name);
            }
            entry.optionalOneOf("type", name);
            configs.add(WEB.contains(name)
                    ? web(entry, name, otherwise)
                    : config(entry.only(
                            "name", "type", "enabled", "permission_policy"), name, otherwise).put("type", name));
        }
        return json;
    }

    private static ObjectNode web(Fields entry, String name, ObjectNode otherwise) {
        var config = config(entry, name, otherwise).put("type", name);
        if (config.path("enabled").asBoolean() || entry.json()
                .propertyNames()
                .stream()
                .anyMatch(field -> !Set.of(
                        "name", "type", "enabled", "permission_policy").contains(field))) {
            throw Problem.notBuilt(entry.path("name") + ": " + name
                    + " cannot run; leave it out of configs or set enabled to false");
        }
        return config;
    }

    private ObjectNode mcpToolset(Fields toolset) {
        toolset.only("type", "mcp_server_name", "default_config", "configs");
        var server = toolset.requireString("mcp_server_name", 1, SERVER_NAME_CHARS_MAX);
        if (!mcpToolsets.add(server)) {
            throw toolset.invalid("mcp_server_name", "has a toolset already: " + server);
        }
        var json = JsonMapper.shared().createObjectNode().put("type", "mcp_toolset").put("mcp_server_name", server);
        var otherwise = defaults(toolset, json, "always_ask");
        var configs = json.putArray("configs");
        var seen = new HashSet<String>();
        for (var entry : toolset.objects("configs", TOOLS_MAX)) {
            entry.only("name", "enabled", "permission_policy");
            var name = entry.requireString("name", 1, NAME_CHARS_MAX);
            if (!seen.add(name)) {
                throw entry.invalid("name", "appears twice: " + name);
            }
            configs.add(config(entry, name, otherwise));
        }
        count += configs.size();
        return json;
    }

    private static ObjectNode defaults(Fields toolset, ObjectNode json, String policy) {
        var given = toolset.optionalObject("default_config");
        var config = json.putObject("default_config");
        config.put("enabled", given == null || given.only("enabled", "permission_policy").bool("enabled", true));
        config.putObject("permission_policy").put("type", given == null ? policy : policy(given, policy));
        return config;
    }

    private static ObjectNode config(Fields entry, String name, ObjectNode otherwise) {
        var config = JsonMapper.shared().createObjectNode().put("name", name);
        config.put("enabled", entry.bool("enabled", otherwise.path("enabled").asBoolean()));
        config.putObject("permission_policy")
                .put("type",
                        policy(entry, otherwise.path("permission_policy").path("type").asString()));
        return config;
    }

    private static String policy(Fields config, String otherwise) {
        var policy = config.optionalObject("permission_policy");
        return policy == null
                ? otherwise
                : policy.only("type").requireOneOf("type", "always_allow", "always_ask", "auto");
    }

    private ObjectNode custom(Fields tool) {
        tool.only("type", "name", "description", "input_schema");
        var name = tool.requireString("name", 1, NAME_CHARS_MAX);
        if (!NAME.matcher(name).matches()) {
            throw tool.invalid("name", "may have only letters, digits, _ and -");
        }
        if (HANDS.contains(name) || WEB.contains(name)) {
            throw tool.invalid("name", "is the name of a built-in tool: " + name);
        }
        if (name.startsWith("mcp__") || name.startsWith("ant__")) {
            throw tool.invalid("name", "must not begin with mcp__ or ant__, which are reserved");
        }
        if (!customNames.add(name)) {
            throw tool.invalid("name", "appears twice: " + name);
        }
        count++;
        var json = JsonMapper.shared().createObjectNode().put("type", "custom").put("name", name);
        json.put("description", tool.requireString("description", 1, DESCRIPTION_CHARS_MAX));
        var schema = tool.requireObject("input_schema");
        schema.requireOneOf("type", "object");
        for (var keyword : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(keyword)) {
                throw schema.invalid(keyword, "must not stand at the top of a tool's schema");
            }
        }
        schema.optionalObject("properties");
        schema.strings("required", PROPERTIES_MAX, PROPERTY_CHARS_MAX);
        if (schema.json().findValue("$ref") != null) {
            throw tool.invalid("input_schema", "must not use $ref");
        }
        json.set("input_schema", schema.json());
        return json;
    }

    /** To be read after the tools. */
    ArrayNode mcpServers(Fields body) {
        var servers = JsonMapper.shared().createArrayNode();
        var names = new HashSet<String>();
        for (var server : body.objects("mcp_servers", MCP_SERVERS_MAX)) {
            server.know("type", "name", "url").requireOneOf("type", "url");
            var name = server.requireString("name", 1, SERVER_NAME_CHARS_MAX);
            if (!names.add(name)) {
                throw server.invalid("name", "appears twice: " + name);
            }
            if (!mcpToolsets.contains(name)) {
                throw server.invalid("name", "is not used by any mcp_toolset of tools: " + name);
            }
            var url = server.requireString("url", 1, URL_CHARS_MAX);
            if (!url.startsWith("https://") && !url.startsWith("http://")) {
                throw server.invalid("url", "must begin with https:// or http://");
            }
            servers.addObject().put("type", "url").put("name", name).put("url", url);
        }
        for (var name : mcpToolsets) {
            if (!names.contains(name)) {
                throw body.invalid("mcp_servers", "lacks the server that a toolset names: " + name);
            }
        }
        return servers;
    }
}
