package dev.ecroperator.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the API server tells the items of a list apart, and so merges what several writers apply. */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ListOf {
  Kind value();

  /** The member that is unique among the items of a {@link Kind#MAP}. */
  String key() default "";

  /** The list types of a CRD; without the annotation a list is atomic. */
  enum Kind {
    SET,
    MAP
  }
}
