/** Looks at the machine: what is here, what is missing, what to do. */
@NullMarked
package dev.handloom.standalone.doctor;

import org.jspecify.annotations.NullMarked;
