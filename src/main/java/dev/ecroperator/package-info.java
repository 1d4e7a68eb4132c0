/** Wiring, and the only reader of the environment. */
@NullMarked
package dev.ecroperator;

import org.jspecify.annotations.NullMarked;
