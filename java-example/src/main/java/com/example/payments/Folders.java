package com.example.payments;

import com.example.payments.conversion.Verdict;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The folders on the server, and what is where in them.
 *
 * @param inbox where partners put their files, under other names until they are complete
 * @param work where files are that have been taken in, out of the partners' reach
 * @param results where the results of good files go
 * @param archive where good files go
 * @param error where bad files go, each with a file that says what is wrong
 */
public record Folders(
    @DefaultValue("/inbox") String inbox,
    @DefaultValue("/work") String work,
    @DefaultValue("/results") String results,
    @DefaultValue("/archive") String archive,
    @DefaultValue("/error") String error) {

  public List<String> all() {
    return List.of(inbox, work, results, archive, error);
  }

  /** A file while it is processed. */
  public String working(String file) {
    return work + "/" + file;
  }

  /** Where what came out of a file goes: the same place whenever and wherever it is processed. */
  public String report(String file, Verdict verdict) {
    return reports(verdict) + "/" + file + (verdict == Verdict.REJECTED ? ".reason.txt" : "");
  }

  /** The folder of {@link #report}. */
  public String reports(Verdict verdict) {
    return verdict == Verdict.CONVERTED ? results : error;
  }

  /** Where the file itself goes in the end. */
  public String kept(String file, Verdict verdict) {
    return (verdict == Verdict.CONVERTED ? archive : error) + "/" + file;
  }
}
