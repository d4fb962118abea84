/** What a suite on real engines found, one line of JSON each, in the file that the command gives; it adds them up in its last line. */
import { appendFileSync } from 'node:fs';

export interface EngineReport {
  readonly engine: string;
  readonly version: string;
  /** Messages or events that were acknowledged and are not there. */
  readonly lost: number;
  /** Effects that happened more than once. */
  readonly duplicated: number;
}

/** Without a file to write in, as when one spec is run by hand, nothing is kept. */
export function reportEngine(report: EngineReport): void {
  const file = process.env.CONVENANT_ENGINE_REPORTS;
  if (file) appendFileSync(file, `${JSON.stringify(report)}\n`);
}
