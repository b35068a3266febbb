/** The way to a model: one request, one streamed answer. */
@NullMarked
package dev.handloom.harness.model;

import org.jspecify.annotations.NullMarked;
