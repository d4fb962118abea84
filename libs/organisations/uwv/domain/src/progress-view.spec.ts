/** What holds for the view on which a physician reviews progress (U10). */
import { describe, expect, it } from '@jest/globals';
import { progressView } from './progress-view.js';

const job = {
  occupation: 'tuinman',
  regularPaid: true,
  contract: 'permanent',
  hoursPerWeek: 16,
  startedOn: '2026-03-02',
} as const;
const summary = (on: string, hoursPerWeek: number) =>
  ({ on, hoursPerWeek, regularity: 'regular', supportNeeded: 'bellen' }) as const;

describe('the progress view', () => {
  it('shows hours over time, the oldest first, and keeps ended work as what was tried', () => {
    const view = progressView({
      jobs: [
        { ...job, startedOn: '2026-05-01' },
        { ...job, endedOn: '2026-04-01' },
      ],
      summaries: [summary('2026-04-10', 20), summary('2026-03-10', 16)],
    });
    expect(view.workingPattern?.map(({ hoursPerWeek }) => hoursPerWeek)).toEqual([16, 20]);
    expect(view.work?.map(({ startedOn }) => startedOn)).toEqual(['2026-05-01']);
    expect(view.tried?.map(({ endedOn }) => endedOn)).toEqual(['2026-04-01']);
  });
  it('looks the same for what did not happen and for what was not told (U09)', () => {
    expect(progressView({ jobs: [], summaries: undefined, possibilities: [] })).toEqual({});
    expect(Object.keys(progressView({ jobs: [job], summaries: [] }))).toEqual(
      Object.keys(progressView({ jobs: [job] })),
    );
  });
});
