/** Shows over HTTP what the model was shown. */
@NullMarked
package dev.handloom.harness.context.http;

import org.jspecify.annotations.NullMarked;
