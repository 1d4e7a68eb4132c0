@NullMarked
package dev.ecroperator.api;

import org.jspecify.annotations.NullMarked;
