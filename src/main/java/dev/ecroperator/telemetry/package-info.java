/** What the operator tells about itself: metrics, health, logs. */
@NullMarked
package dev.ecroperator.telemetry;

import org.jspecify.annotations.NullMarked;
