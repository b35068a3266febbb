/** The small values all services share. */
@NullMarked
package dev.handloom.api;

import org.jspecify.annotations.NullMarked;
