/** Tests of what all services share. */
@NullMarked
package dev.handloom.kit;

import org.jspecify.annotations.NullMarked;
