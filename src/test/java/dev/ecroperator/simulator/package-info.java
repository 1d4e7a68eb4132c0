/** What the simulators of AWS and of Kubernetes have in common. */
@NullMarked
package dev.ecroperator.simulator;

import org.jspecify.annotations.NullMarked;
