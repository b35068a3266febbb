/** Agents: who is to be woken. Each change of a definition is one event and one version; sessions keep a copy. */
@NullMarked
package dev.handloom.harness.agents;

import org.jspecify.annotations.NullMarked;
