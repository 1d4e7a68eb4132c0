@NullMarked
package dev.ecroperator;

import org.jspecify.annotations.NullMarked;
