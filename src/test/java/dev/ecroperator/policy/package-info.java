@NullMarked
package dev.ecroperator.policy;

import org.jspecify.annotations.NullMarked;
