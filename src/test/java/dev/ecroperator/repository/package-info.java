@NullMarked
package dev.ecroperator.repository;

import org.jspecify.annotations.NullMarked;
