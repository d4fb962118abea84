/** What holds for the physician's conclusion (U10). */
import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Sealed } from '@convenant/kernel';
import {
  brokenHistory,
  changedBySecondTime,
  clientIntroduced,
  given,
  misfits,
  typesThatChange,
} from '@convenant/shared-domain';
import fc from 'fast-check';
import { compositions } from './compositions.js';
import history from './conclusion.history.json' with { type: 'json' };
import {
  conclusion,
  conclusionEvents,
  conclusionInput,
  type ConclusionCommand,
  type ConclusionEvent,
  type ExpectedCourse,
  type Limitation,
  type UsablePossibilities,
} from './conclusion.js';
import { conclusionDrafts, statements } from './statements.js';

const at = '2026-03-10T09:00:00.000Z';
const sealed = <T>(value: T) => JSON.stringify(value) as Sealed<T>;
const content = {
  usablePossibilities: sealed<UsablePossibilities>('yes'),
  limitations: sealed<readonly Limitation[]>([{ rubric: 'working-hours', text: 'Niet in de nacht' }]),
  hoursPerDay: sealed(4),
  hoursPerWeek: sealed(16),
  expectedCourse: sealed<ExpectedCourse>('improves'),
  advice: sealed('Bouw rustig op'),
};
const draft = {
  type: 'DraftConclusion',
  conclusionId: 'x1',
  clientId: 'c1',
  draftId: 'd1',
  by: 'nurse',
  role: 'physicianDelegate',
  responsible: 'dr-bos',
  lookAgainOn: '2026-09-01',
  ...content,
  at,
} as const;
const share = {
  type: 'ShareConclusion',
  conclusionId: 'x1',
  clientId: 'c1',
  by: 'dr-bos',
  role: 'insurancePhysician',
  concludedOn: '2026-03-10',
  lookAgainOn: '2026-09-01',
  basedOn: ['m1', 'q1'],
  ...content,
  at,
} as const;
const { role: _role, ...sharedFields } = share;
const shared: ConclusionEvent = { ...sharedFields, type: 'ConclusionShared', validUntil: '2026-09-10' };
const second: ConclusionEvent = { ...shared, conclusionId: 'x2', supersedes: 'x1' };
const view = {
  type: 'AddClientView',
  conclusionId: 'x1',
  clientId: 'c1',
  viewId: 'v1',
  asksForCorrection: true,
  view: sealed('Ik werk liever meer'),
  at,
} as const;

describe('a conclusion', () => {
  it('holds for six months unless the physician says otherwise', () => {
    expect(given(conclusion, []).when(share)).toEqual(accept(shared));
    expect(given(conclusion, []).when({ ...share, validUntil: '2026-06-01' })).toMatchObject({
      accepted: [{ validUntil: '2026-06-01' }],
    });
  });
  it('is the physician’s alone: a delegate prepares and never concludes', () => {
    expect(given(conclusion, []).when({ ...share, role: 'physicianDelegate' })).toEqual(
      refuse('only-the-physician-concludes'),
    );
    expect(given(conclusion, []).when({ ...share, role: 'labourExpert' })).toEqual(
      refuse('only-the-physician-concludes'),
    );
    expect(given(conclusion, []).when(draft)).toMatchObject({ accepted: [{ by: 'nurse', responsible: 'dr-bos' }] });
  });
  it('is prepared under the name of a physician', () => {
    expect(given(conclusion, []).when({ ...draft, responsible: undefined })).toEqual(
      refuse('no-responsible-physician'),
    );
    const own = { ...draft, role: 'insurancePhysician', by: 'dr-bos', responsible: undefined };
    expect(given(conclusion, []).when(own)).toMatchObject({ accepted: [{ responsible: 'dr-bos' }] });
  });
  it('does not change once it was shared; a new one supersedes it', () => {
    expect(given(conclusion, [shared]).when(draft)).toEqual(refuse('already-concluded'));
    expect(given(conclusion, [shared]).when({ ...share, conclusionId: 'x2' })).toEqual(accept(second));
  });
  it('refuses dates in the wrong order, and a conclusion of tomorrow', () => {
    expect(given(conclusion, []).when({ ...share, lookAgainOn: '2026-03-09' })).toEqual(refuse('dates-in-wrong-order'));
    expect(given(conclusion, []).when({ ...share, validUntil: '2026-03-09' })).toEqual(refuse('dates-in-wrong-order'));
    expect(given(conclusion, [shared]).when({ ...share, conclusionId: 'x2', concludedOn: '2026-03-09' })).toEqual(
      refuse('dates-in-wrong-order'),
    );
    expect(given(conclusion, []).when({ ...share, concludedOn: '2026-03-11' })).toEqual(refuse('date-in-future'));
  });
  it('carries the client’s own view, which does not block it', () => {
    expect(given(conclusion, []).when(view)).toEqual(refuse('conclusion-unknown'));
    expect(given(conclusion, [shared]).when(view)).toEqual(accept({ ...view, type: 'ClientViewAdded' }));
  });
  it('changes nothing when any command comes twice', () => {
    const pool: ConclusionCommand[] = ['x1', 'x2'].flatMap((conclusionId) => [
      { ...draft, conclusionId, draftId: `d-${conclusionId}` },
      { ...share, conclusionId },
      { ...view, conclusionId },
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pool)),
        (commands) => changedBySecondTime(conclusion, commands).length === 0,
      ),
    );
  });
  it('has a readable example of every stored version', () => {
    expect(brokenHistory(conclusionEvents, history)).toEqual([]);
  });
});

describe('what is entered in a conclusion', () => {
  const entered = {
    usablePossibilities: 'yes',
    limitations: [],
    hoursPerDay: 4,
    hoursPerWeek: 16,
    expectedCourse: 'improves',
    advice: 'Bouw rustig op',
  };
  const codes = (more: object) =>
    conclusionInput.safeParse({ ...entered, ...more }).error?.issues.map((each) => each.message);
  it('refuses more hours than there are, and warns about medical words', () => {
    expect(codes({})).toBeUndefined();
    expect(codes({ hoursPerWeek: 61 })).toEqual(['hours-above-60']);
    expect(codes({ hoursPerDay: 25 })).toEqual(['hours-above-24']);
    expect(codes({ limitations: [{ rubric: 'personal-functioning', text: 'Door de depressie' }] })).toEqual([
      'medical-words-in-text',
    ]);
    expect(codes({ advice: 'Diagnose volgt', confirmedNotMedical: true })).toBeUndefined();
  });
});

describe('the statements that others read', () => {
  const stored = {} as never;
  it('keep a superseded conclusion readable as such, and lead nowhere else', () => {
    const first = statements.apply(undefined, shared, 'x1', stored);
    expect(statements.keys(second, stored)).toEqual(['x1', 'x2']);
    expect(statements.apply(first, second, 'x1', stored)).toMatchObject({ conclusionId: 'x1', state: 'superseded' });
    expect(statements.apply(undefined, second, 'x2', stored)).toMatchObject({ conclusionId: 'x2', state: 'current' });
    expect(first).not.toHaveProperty('basedOn');
    expect(Object.values(statements.columns).some(({ category }) => category === 'K5')).toBe(false);
  });
  it('do not show a draft any more once it was concluded', () => {
    expect(conclusionDrafts.apply({} as never, shared, 'x1', stored)).toBeUndefined();
  });
  it('leave for partners as the newest one, fitting the contract', () => {
    const statement = compositions.find(({ contract }) => contract.name === 'physician-statement');
    expect(statement && misfits(statement, [shared, second], JSON.parse)).toEqual([]);
    expect(statement?.compose([shared])).toMatchObject({ concludedOn: '2026-03-10', validUntil: '2026-09-10' });
    expect(statement?.compose([])).toBeUndefined();
  });
  it('are told again after every event that changes what is told', () => {
    const [statement, ...more] = compositions.filter((each) => each !== clientIntroduced);
    expect(more).toEqual([]);
    expect(typesThatChange(statement!, conclusionEvents, history)).toEqual([...statement!.changedBy].sort());
  });
});
