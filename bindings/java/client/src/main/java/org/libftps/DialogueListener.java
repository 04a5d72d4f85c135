package org.libftps;

/**
 * Hears the dialogue on the control connection, on the thread that made the call; where that is a
 * virtual one, on a platform thread meanwhile, and while a {@link MirrorPlan} is executed, on
 * threads of the library's own.
 *
 * <p>A listener must not use the client that it listens to: such a call fails with kind {@code
 * wrong-state}. What a listener throws reaches the caller of the client's method unchanged, once
 * the operation has ended; the rest of that operation is then not heard. A plan is stopped by it.
 */
public interface DialogueListener {
  /**
   * A command goes out.
   *
   * @param line the command without its line end; passwords and accounts are masked
   */
  default void sent(String line) {}

  /**
   * A reply has come.
   *
   * @param reply the reply, preliminary ones included
   */
  default void received(FtpsReply reply) {}
}
