/**
 * A simulator of AWS ECR, ECR Public and STS on loopback: the wire protocols, the limits and errors
 * of the real services, several accounts and regions, and scripted faults.
 */
@NullMarked
package dev.ecroperator.simulator.ecr;

import org.jspecify.annotations.NullMarked;
