package com.example.payments.conversion;

/**
 * What came out of a file.
 *
 * @param verdict whether it was good
 * @param summary a few words about it
 * @param report the result, or the reasons why there is none
 */
public record Conversion(Verdict verdict, String summary, byte[] report) {}
