package org.libftps;

import java.util.Objects;

/**
 * How an {@linkplain FtpsClient#uploadAtomically atomic upload} is done.
 *
 * <p>Immutable: each method returns another value.
 */
public final class AtomicUpload {
  private final String temporaryName;
  private final boolean replace;
  private final boolean verifyHash;

  /**
   * A temporary name like {@code .report.csv.0123456789abcdef.tmp}, and a comparison of lengths.
   */
  public AtomicUpload() {
    this(".{name}.{random}.tmp", false, false);
  }

  private AtomicUpload(String temporaryName, boolean replace, boolean verifyHash) {
    this.temporaryName = temporaryName;
    this.replace = replace;
    this.verifyHash = verifyHash;
  }

  /**
   * The temporary name, in the target's directory.
   *
   * @param pattern default: {@code .{name}.{random}.tmp}, in which {@code {name}} stands for the
   *     target's name and {@code {random}} for 16 hexadecimal digits
   * @return the same with that name
   */
  public AtomicUpload temporaryName(String pattern) {
    return new AtomicUpload(Objects.requireNonNull(pattern), replace, verifyHash);
  }

  /**
   * Deletes a target that stands in the way of the rename. Most servers rename onto an existing
   * file, and then this changes nothing. With the others there is no target for a moment; where the
   * rename fails then too, the message names the temporary file, which has the whole content and is
   * left.
   *
   * @param enabled default: false; the server's refusal is the error
   * @return the same with that choice
   */
  public AtomicUpload replace(boolean enabled) {
    return new AtomicUpload(temporaryName, enabled, verifyHash);
  }

  /**
   * Compares the content by a hash of the server's too, where it offers one.
   *
   * @param enabled default: false; its length is compared
   * @return the same with that choice
   */
  public AtomicUpload verifyHash(boolean enabled) {
    return new AtomicUpload(temporaryName, replace, enabled);
  }

  byte[] encoded() {
    return new Wire.Writer().text(temporaryName).flag(replace).flag(verifyHash).finish();
  }
}
