package org.libftps;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a mirror will do, in this order. Nothing is done before {@code execute}, which can be called
 * once.
 *
 * <p>One thread at a time may use a plan; {@link #abort} may be called by any thread at any time.
 */
public final class MirrorPlan {
  private final long number;
  private final Names names;
  private final String text;
  private final List<MirrorAction> actions;
  private final List<PathFailure> problems;
  private final Backstop backstop;
  private boolean stopsOnFailure;
  private int connections;

  /** Stops the execution that is under way; guarded by this. */
  private Runnable stop;

  MirrorPlan(Wire.Reader reader, Names names) {
    long number = reader.longValue();
    this.number = number;
    this.names = names;
    this.backstop = Backstop.watch(this, () -> Native.freePlan(number));
    this.text = reader.ownText();
    this.actions = reader.all(MirrorAction::new);
    this.problems = reader.all(PathFailure::new);
  }

  /**
   * All steps, those included in which nothing is done.
   *
   * @return in their order; unmodifiable
   */
  public List<MirrorAction> actions() {
    return actions;
  }

  /**
   * What the plan leaves out because it could not be read, or because a name must not be used. Each
   * is a failure of the mirror.
   *
   * @return mostly empty; unmodifiable
   */
  public List<PathFailure> problems() {
    return problems;
  }

  /**
   * Whether both sides are the same already.
   *
   * @return true when nothing is to be done, and there is no problem
   */
  public boolean isEmpty() {
    return problems.isEmpty()
        && actions.stream().allMatch(action -> action.kind() == MirrorAction.Kind.SKIP);
  }

  /**
   * What happens after a step has failed.
   *
   * @param stops default: false; the others are done. With true, what is under way is stopped, and
   *     nothing else is begun.
   * @return this
   */
  public MirrorPlan stopOnFailure(boolean stops) {
    stopsOnFailure = stops;
    return this;
  }

  /**
   * How many connections of a pool to use at a time.
   *
   * @param connections default: 0, as many as the pool may have
   * @return this
   */
  public MirrorPlan connections(int connections) {
    if (connections < 0) {
      throw new IllegalArgumentException("a number is not negative: " + connections);
    }
    this.connections = connections;
    return this;
  }

  /**
   * Does what the plan says, over several connections at a time. Threads of the library's own do
   * the work: the listeners and managers of the connections' options are called on these, and what
   * they throw stops all and reaches the caller unchanged. Several plans may be executed over one
   * pool at a time.
   *
   * @param pool where the connections come from
   * @param listener hears how far it has come; null for none
   * @return what was done, what failed, and what was not tried
   * @throws FtpsException {@code local} where the local root cannot be opened or made; {@code
   *     wrong-state} when the plan was executed, or the pool is closed. All else that goes wrong is
   *     in the report.
   * @throws IOException the thread was interrupted
   */
  public MirrorReport execute(FtpsPool pool, MirrorListener listener) throws IOException {
    return report(
        () -> Native.stopPlan(number), () -> pool.execute(number, options(), told(listener)));
  }

  /**
   * The same over one connection. {@link FtpsClient#abort} stops it too.
   *
   * @param client the connection
   * @param listener hears how far it has come; null for none
   * @return what was done, what failed, and what was not tried
   * @throws FtpsException as {@link #execute(FtpsPool, MirrorListener)}
   * @throws IOException the thread was interrupted
   */
  public MirrorReport execute(FtpsClient client, MirrorListener listener) throws IOException {
    return report(client::abort, () -> client.execute(number, options(), told(listener)));
  }

  /**
   * Stops the execution that is under way, from any thread: what was not done by then is in its
   * report, and {@link MirrorReport#endedBy} says {@code cancelled}. Does nothing when none is
   * under way.
   */
  public synchronized void abort() {
    if (stop != null) {
      stop.run();
    }
  }

  /** One line for each step in which something is done, and for each problem. */
  @Override
  public String toString() {
    return text;
  }

  private MirrorReport report(Runnable stop, VirtualThreads.Call<Wire.Reader> execution)
      throws IOException {
    setStop(stop);
    try {
      MirrorReport report = new MirrorReport(execution.run());
      // The native library forgets what is executed.
      backstop.closed();
      return report;
    } finally {
      setStop(null);
    }
  }

  private synchronized void setStop(Runnable stop) {
    this.stop = stop;
  }

  private byte[] options() {
    return new Wire.Writer().intValue(connections).byteValue(stopsOnFailure ? 1 : 0).finish();
  }

  private UnaryOperator<byte[]> told(MirrorListener listener) {
    if (listener == null) {
      return null;
    }
    return progress -> {
      listener.progressed(new MirrorProgress(new Wire.Reader(progress, names)));
      return null;
    };
  }
}
