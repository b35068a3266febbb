package dev.handloom.sandbox.environments;

import dev.handloom.api.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** @param config a config object of the contract with every default filled in (resources.md §2) */
record Definition(String name, @Nullable String description, Json config, Map<String, String> metadata) {}
