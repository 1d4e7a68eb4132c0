package dev.ecroperator.simulator.kube;

import java.util.Comparator;

/** Where an object is stored; the namespace of a cluster-wide one is empty. */
record ObjectKey(String resource, String namespace, String name) implements Comparable<ObjectKey> {
  @Override
  public int compareTo(ObjectKey other) {
    return Comparator.comparing(ObjectKey::resource)
        .thenComparing(ObjectKey::namespace)
        .thenComparing(ObjectKey::name)
        .compare(this, other);
  }
}
