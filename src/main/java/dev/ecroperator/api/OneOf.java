package dev.ecroperator.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The words that the API server accepts for a string in spec.
 *
 * <p>It stays a string in Java: a word that a newer operator wrote must not stop the informer of an
 * older one.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneOf {
  String[] value();
}
