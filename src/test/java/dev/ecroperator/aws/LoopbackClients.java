package dev.ecroperator.aws;

import dev.ecroperator.convergence.Turns;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/** What a registry of the simulator's default account is made of, one by one. */
final class LoopbackClients {
  static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;

  private LoopbackClients() {}

  /** Has the builder make a client of that account for a server on loopback. */
  static <B extends AwsClientBuilder<B, C>, C> B of(B builder, URI endpoint, Region region) {
    return builder
        .endpointOverride(endpoint)
        .region(region)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ACCOUNT, EcrSimulator.SECRET_ACCESS_KEY)));
  }

  /** The calls of one region, measured for nobody. */
  static AwsCalls calls(Region region, CallRates rates, Turns turns) {
    return new AwsCalls(
        "ecr", ACCOUNT, region.id(), rates, turns, new AwsCallMetrics(new SimpleMeterRegistry()));
  }
}
