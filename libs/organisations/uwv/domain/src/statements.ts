/** The physician's conclusions as physician, labour expert and client read them: non-medical, the superseded ones still there. */
import { clearColumn, sealedColumn, type Columns, type Sealed, type View } from '@convenant/kernel';
import type { ConclusionEvent, ExpectedCourse, Limitation, UsablePossibilities } from './conclusion.js';

interface ConclusionContent {
  readonly conclusionId: string;
  readonly clientId: string;
  readonly by: string;
  readonly lookAgainOn: string;
  readonly usablePossibilities: Sealed<UsablePossibilities>;
  readonly limitations: Sealed<readonly Limitation[]>;
  readonly hoursPerDay: Sealed<number>;
  readonly hoursPerWeek: Sealed<number>;
  readonly expectedCourse: Sealed<ExpectedCourse>;
  readonly advice: Sealed<string>;
}
const contentColumns: Columns<ConclusionContent> = {
  conclusionId: clearColumn('own'),
  clientId: clearColumn('own'),
  by: clearColumn('K4'),
  lookAgainOn: clearColumn('K4'),
  usablePossibilities: sealedColumn('K4'),
  limitations: sealedColumn('K4'),
  hoursPerDay: sealedColumn('K4'),
  hoursPerWeek: sealedColumn('K4'),
  expectedCourse: sealedColumn('K4'),
  advice: sealedColumn('K4'),
};

export interface StatementRow extends ConclusionContent {
  readonly concludedOn: string;
  readonly validUntil: string;
  readonly state: 'current' | 'superseded';
}
/**
 * By conclusion, found by `clientId`, oldest first. It has no column for what a conclusion rests on, so that a labour expert
 * who reads it finds no way from here to an answer of a clinician.
 */
export const statements: View<ConclusionEvent, StatementRow> = {
  name: 'statements',
  version: 1,
  columns: {
    ...contentColumns,
    concludedOn: clearColumn('K4'),
    validUntil: clearColumn('K4'),
    state: clearColumn('K4'),
  },
  keys: (event) =>
    event.type === 'ConclusionShared'
      ? [...(event.supersedes === undefined ? [] : [event.supersedes]), event.conclusionId]
      : [],
  apply(row, event, key) {
    if (event.type !== 'ConclusionShared') return row;
    if (key === event.supersedes) return row && { ...row, state: 'superseded' };
    const { type: _type, at: _at, basedOn: _basedOn, supersedes: _supersedes, ...statement } = event;
    return { ...statement, state: 'current' };
  },
  indexes: ({ clientId }) => ({ clientId }),
  sort: ({ concludedOn }) => concludedOn,
};

export interface ConclusionDraftRow extends ConclusionContent {
  readonly draftId: string;
  readonly responsible: string;
}
/** By conclusion: the newest draft, until the physician concludes. Found by `clientId` or `responsible`. */
export const conclusionDrafts: View<ConclusionEvent, ConclusionDraftRow> = {
  name: 'conclusion_drafts',
  version: 1,
  columns: { ...contentColumns, draftId: clearColumn('own'), responsible: clearColumn('K4') },
  keys: (event) =>
    event.type === 'ConclusionDrafted' || event.type === 'ConclusionShared' ? [event.conclusionId] : [],
  apply(_row, event) {
    if (event.type !== 'ConclusionDrafted') return undefined;
    const { type: _type, at: _at, ...draft } = event;
    return draft;
  },
  indexes: ({ clientId, responsible }) => ({ clientId, responsible }),
};

export interface StatementBasisRow {
  readonly conclusionId: string;
  readonly clientId: string;
  readonly basedOn: readonly string[];
}
/** By conclusion, for the physician alone: what it rests on, so that what was taken is read through the decision and in no other way. */
export const statementBasis: View<ConclusionEvent, StatementBasisRow> = {
  name: 'statement_basis',
  version: 1,
  columns: { conclusionId: clearColumn('own'), clientId: clearColumn('own'), basedOn: clearColumn('K5') },
  keys: (event) => (event.type === 'ConclusionShared' ? [event.conclusionId] : []),
  apply: (row, event) =>
    event.type === 'ConclusionShared'
      ? { conclusionId: event.conclusionId, clientId: event.clientId, basedOn: event.basedOn }
      : row,
  indexes: ({ clientId }) => ({ clientId }),
};

export interface ClientViewRow {
  readonly viewId: string;
  readonly conclusionId: string;
  readonly clientId: string;
  readonly asksForCorrection: boolean;
  readonly view: Sealed<string>;
}
/** What the client added to a conclusion, shown beside it. Found by `clientId` or `conclusionId`. */
export const clientViews: View<ConclusionEvent, ClientViewRow> = {
  name: 'client_views',
  version: 1,
  columns: {
    viewId: clearColumn('own'),
    conclusionId: clearColumn('own'),
    clientId: clearColumn('own'),
    asksForCorrection: clearColumn('K4'),
    view: sealedColumn('K4'),
  },
  keys: (event) => (event.type === 'ClientViewAdded' ? [event.viewId] : []),
  apply(row, event) {
    if (event.type !== 'ClientViewAdded') return row;
    const { type: _type, at: _at, ...added } = event;
    return added;
  },
  indexes: ({ clientId, conclusionId }) => ({ clientId, conclusionId }),
};
