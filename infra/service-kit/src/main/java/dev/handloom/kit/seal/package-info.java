/** What belongs to a session is stored sealed with a key of its own, and is erased by destroying that key. */
@NullMarked
package dev.handloom.kit.seal;

import org.jspecify.annotations.NullMarked;
