package com.example.payments.flow;

import com.example.payments.conversion.Verdict;

/**
 * An application event: a file has come one step further.
 *
 * @param verdict null before it is known
 */
public record FileProgress(String file, Step step, Verdict verdict) {}
