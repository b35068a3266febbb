/** The only place that sees a secret: vaults, credentials, and the way out of every sandbox. */
@NullMarked
package dev.handloom.vault;

import org.jspecify.annotations.NullMarked;
