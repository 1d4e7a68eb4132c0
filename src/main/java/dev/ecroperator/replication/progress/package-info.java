/**
 * How far replicated images have arrived: looks at some of them, within a budget of calls, and
 * judges each destination by what they tell. {@link RegistryProgress} is where to start.
 */
@NullMarked
package dev.ecroperator.replication.progress;

import org.jspecify.annotations.NullMarked;
