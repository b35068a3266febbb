/** The real handd, run as a real process, spoken to over a real socket. */
@NullMarked
package dev.handloom.sandbox.handd;

import org.jspecify.annotations.NullMarked;
