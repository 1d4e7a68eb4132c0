/** The real Kubernetes API server, for tests: the judge of what the simulators pretend. */
@NullMarked
package dev.ecroperator.simulator.real;

import org.jspecify.annotations.NullMarked;
