package dev.handloom.kit.http;

import org.springframework.util.unit.DataSize;

/**
 * A path whose request bodies have another limit than {@code handloom.api.body-max}, because its controller reads them as
 * a stream. A bean of this kind is all a service needs to declare.
 *
 * @param path the whole path, without variables
 * @param max  the longest body
 */
public record BodyLimit(String path, DataSize max) {}
