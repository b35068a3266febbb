/** The embedded hands, asked as a model would ask them, and attacked. */
@NullMarked
package dev.handloom.sandbox.hands.jvm;

import org.jspecify.annotations.NullMarked;
