/**
 * The kernel that every kind shares: failures, findings, the verdict on a pass, and when to look
 * again. It depends on the JDK alone, and has no effects.
 */
@NullMarked
package dev.ecroperator.convergence;

import org.jspecify.annotations.NullMarked;
