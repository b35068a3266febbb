/** The hands: environments, sandboxes and the tools that run in them. */
@NullMarked
package dev.handloom.sandbox;

import org.jspecify.annotations.NullMarked;
