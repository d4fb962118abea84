/** The door hears of every event after which something else has to be told: each composition against everything that was ever stored. */
import { describe, expect, it } from '@jest/globals';
import { contractId } from '@convenant/contracts';
import { clientIntroduced, typesThatChange } from '@convenant/shared-domain';
import { compositions } from './compositions.js';
import fundingHistory from './funding.history.json' with { type: 'json' };
import { fundingEvents } from './funding.js';
import jobHistory from './job.history.json' with { type: 'json' };
import { jobEvents } from './job.js';
import questionHistory from './medical-question.history.json' with { type: 'json' };
import { medicalQuestionEvents } from './medical-question.js';
import progressHistory from './progress.history.json' with { type: 'json' };
import { progressEvents } from './progress.js';
import trajectoryHistory from './trajectory.history.json' with { type: 'json' };
import { trajectoryEvents } from './trajectory.js';
import profileHistory from './vocational-profile.history.json' with { type: 'json' };
import { profileEvents } from './vocational-profile.js';

const stored = {
  'trajectory-status.v1': [trajectoryEvents, trajectoryHistory],
  'vocational-profile.v1': [profileEvents, profileHistory],
  'functional-possibilities.v1': [progressEvents, progressHistory],
  'job-facts.v1': [jobEvents, jobHistory],
  'progress-summary.v1': [progressEvents, progressHistory],
  'funding-milestone.v1': [fundingEvents, fundingHistory],
  'medical-answer.v1': [medicalQuestionEvents, questionHistory],
} as const;
// Who she is has its own spec, beside the record that it is told from.
const own = compositions.filter((each) => each !== clientIntroduced);

describe('what every composition says it is changed by', () => {
  it.each(Object.entries(stored))('is all that changes %s, and nothing besides', (contract, [catalogue, history]) => {
    const told = own.find((each) => contractId(each.contract) === contract)!;
    expect(typesThatChange(told, catalogue, history)).toEqual([...told.changedBy].sort());
  });
  it('is tried for every composition', () => {
    expect(own.map((each) => contractId(each.contract)).sort()).toEqual(Object.keys(stored).sort());
  });
});
