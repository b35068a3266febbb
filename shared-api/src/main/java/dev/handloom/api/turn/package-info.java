/** What may be asked of whoever carries out the turns. */
@NullMarked
package dev.handloom.api.turn;

import org.jspecify.annotations.NullMarked;
