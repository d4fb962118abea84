/** Writes how many tests passed, failed and were skipped to the file named by CONVENANT_COUNTS. */
import { writeFileSync } from 'node:fs';

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      // A suite that could not run at all holds no tests to count, and is a failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    if (process.env.CONVENANT_COUNTS) writeFileSync(process.env.CONVENANT_COUNTS, JSON.stringify(counts));
  }
}
