/** Kills the server at each fail-point, again and again, and checks that nothing was lost and nothing done twice. */
@NullMarked
package dev.handloom.load.crash;

import org.jspecify.annotations.NullMarked;
