package dev.ecroperator.policy;

import dev.ecroperator.api.ServiceGrantSpec;
import dev.ecroperator.json.Json;
import java.util.Comparator;
import java.util.SequencedSet;
import java.util.TreeSet;

/** A grant to a service with its sources in order, and in an order among its like. */
record ServiceGrant(
    String service, SequencedSet<String> sourceAccounts, SequencedSet<String> sourceArns)
    implements Comparable<ServiceGrant> {
  private static final Comparator<ServiceGrant> ORDER =
      Comparator.comparing(ServiceGrant::service)
          .thenComparing(grant -> Json.Arr.ofTexts(grant.sourceAccounts()).compact())
          .thenComparing(grant -> Json.Arr.ofTexts(grant.sourceArns()).compact());

  static ServiceGrant of(ServiceGrantSpec spec) {
    String service = spec.service();
    return new ServiceGrant(
        service == null ? "" : service,
        new TreeSet<>(AccessGrants.orEmpty(spec.sourceAccounts())),
        new TreeSet<>(AccessGrants.orEmpty(spec.sourceArns())));
  }

  @Override
  public int compareTo(ServiceGrant other) {
    return ORDER.compare(this, other);
  }
}
