package org.libftps;

/**
 * Hears how a plan gets on, on the thread that executes it; where that is a virtual one, on a
 * platform thread meanwhile.
 */
@FunctionalInterface
public interface MirrorListener {
  /**
   * A piece of a file has moved, or a step is over. What this throws stops all, and reaches the
   * caller unchanged; {@link MirrorPlan#abort} stops all, and there is a report.
   *
   * @param progress how far the plan has come
   */
  void progressed(MirrorProgress progress);
}
