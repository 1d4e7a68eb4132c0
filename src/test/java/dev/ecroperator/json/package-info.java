@NullMarked
package dev.ecroperator.json;

import org.jspecify.annotations.NullMarked;
