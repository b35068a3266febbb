/** The live tail: what is committed reaches everyone who watches, in order and without a gap. */
@NullMarked
package dev.handloom.session.stream;

import org.jspecify.annotations.NullMarked;
