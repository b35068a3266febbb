/** What a log engine owes, written once for every engine. */
@NullMarked
package dev.handloom.kit.log;

import org.jspecify.annotations.NullMarked;
