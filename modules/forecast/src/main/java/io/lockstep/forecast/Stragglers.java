package io.lockstep.forecast;

/** How much the machines differ from the measured one. */
public sealed interface Stragglers {

  /** All are alike, always. */
  record None() implements Stragglers {}

  /**
   * What a node computes for a step takes exp(σZ − σ²/2) times as long, Z standard normal and drawn
   * anew for each node and step: 1 on average.
   */
  record LogNormal(double sigma) implements Stragglers {}

  /**
   * Some are slower for good.
   *
   * @param factor how many times as long they compute
   * @param share of all nodes with workers, rounded up
   */
  record Slow(double factor, double share) implements Stragglers {}
}
