/** What the doctor finds. */
@NullMarked
package dev.handloom.standalone.doctor;

import org.jspecify.annotations.NullMarked;
