package com.example.payments.flow;

/** How far a file has come. A crash may happen after any step, and between any two. */
public enum Step {
  /** Moved out of the partners' reach. */
  TAKEN_IN,
  /** Claimed under a lease. */
  CLAIMED,
  /** The report is complete under its temporary name. */
  UPLOADED,
  /** The lease was confirmed; the report is about to get its name. */
  PUBLISHING,
  /** The report has its name. */
  PUBLISHED,
  /** The lease was confirmed again; the file is about to leave the work folder. */
  ARCHIVING,
  /** The file is in the archive, or in the error folder. */
  ARCHIVED,
  /** The database knows that. */
  FINISHED
}
