@NullMarked
package dev.ecroperator.telemetry;

import org.jspecify.annotations.NullMarked;
