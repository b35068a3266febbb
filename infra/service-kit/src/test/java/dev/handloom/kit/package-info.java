/** What the shared beans promise. */
@NullMarked
package dev.handloom.kit;

import org.jspecify.annotations.NullMarked;
