/** What is sealed, what opens it, and what is left once it is erased. */
@NullMarked
package dev.handloom.kit.seal;

import org.jspecify.annotations.NullMarked;
