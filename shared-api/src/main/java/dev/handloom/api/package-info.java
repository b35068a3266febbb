/** What every service says in the same words. */
@NullMarked
package dev.handloom.api;

import org.jspecify.annotations.NullMarked;
