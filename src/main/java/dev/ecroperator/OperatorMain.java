package dev.ecroperator;

/** Starts the operator. */
public final class OperatorMain {
  private OperatorMain() {}

  /** The process's entry point. */
  public static void main(String[] args) {
    System.out.println("x");
  }
}
