@NullMarked
package dev.ecroperator.convergence;

import org.jspecify.annotations.NullMarked;
