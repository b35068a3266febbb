/** The embedded hands: a bash written in JavaScript, on files that exist only in this JVM, where no better sandbox is. */
@NullMarked
package dev.handloom.sandbox.hands.jvm;

import org.jspecify.annotations.NullMarked;
