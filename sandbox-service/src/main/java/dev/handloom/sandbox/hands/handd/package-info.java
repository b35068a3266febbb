/** The Java side of handd: its frames, the line it calls in on, and the hand that speaks through it. */
@NullMarked
package dev.handloom.sandbox.hands.handd;

import org.jspecify.annotations.NullMarked;
