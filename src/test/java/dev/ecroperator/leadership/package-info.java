@NullMarked
package dev.ecroperator.leadership;

import org.jspecify.annotations.NullMarked;
