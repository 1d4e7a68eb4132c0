/** What stands between the operator and an API server, and has things go wrong there. */
@NullMarked
package dev.ecroperator.simulator.proxy;

import org.jspecify.annotations.NullMarked;
