/** The agency's own file of one client: profile, contacts, talks with employers, jobs, progress, possibilities and funding, item by item. */
import { clearColumn, sealedColumn, type Sealed, type View } from '@convenant/kernel';
import type { ContactEvent, EmployerContactEvent, EmployerContactKind } from './contacts.js';
import type { FundingEvent } from './funding.js';
import type { ContractKind, JobEndReason, JobEvent } from './job.js';
import type { PossibilityAuthor, PossibilityKind, ProgressEvent, Regularity } from './progress.js';
import type { ProfileEvent } from './vocational-profile.js';

/** Every view here is found by index `clientId`; its rows sort by day. */
const byClient = ({ clientId }: { readonly clientId: string }) => ({ clientId });
const ids = { clientId: clearColumn('own') } as const;

/** Newest version last; the last one counts. */
export const clientProfile: View<ProfileEvent, Omit<ProfileEvent, 'type' | 'at'>> = {
  name: 'client_profile',
  version: 1,
  columns: {
    ...ids,
    profileId: clearColumn('own'),
    writtenOn: clearColumn('K3'),
    writtenBy: clearColumn('K3'),
    workWish: sealedColumn('K3'),
    preferences: sealedColumn('K3'),
    experience: sealedColumn('K3'),
    hoursWanted: sealedColumn('K3'),
  },
  keys: (event) => (event.type === 'ProfileWritten' ? [event.profileId] : []),
  apply: (_row, { type: _type, at: _at, ...profile }) => profile,
  indexes: byClient,
  sort: ({ writtenOn }) => writtenOn,
};

export const clientContacts: View<ContactEvent, Omit<ContactEvent, 'type' | 'at'>> = {
  name: 'client_contacts',
  version: 1,
  columns: {
    ...ids,
    contactId: clearColumn('own'),
    on: clearColumn('K9a'),
    by: clearColumn('K9a'),
    counterpart: clearColumn('K9a'),
    mode: clearColumn('K9a'),
    setting: clearColumn('K9a'),
    minutes: clearColumn('K9a'),
    note: sealedColumn('K9a'),
  },
  keys: (event) => (event.type === 'ContactRecorded' ? [event.contactId] : []),
  apply: (_row, { type: _type, at: _at, ...contact }) => contact,
  indexes: byClient,
  sort: ({ on }) => on,
};

export interface EmployerContactRow {
  readonly clientId: string;
  readonly contactId: string;
  readonly on: string;
  readonly by: string;
  readonly employer: Sealed<string>;
  readonly kind: Sealed<EmployerContactKind>;
  readonly matchesPreference: Sealed<boolean>;
}
export const clientEmployerContacts: View<EmployerContactEvent, EmployerContactRow> = {
  name: 'client_employer_contacts',
  version: 1,
  columns: {
    ...ids,
    contactId: clearColumn('own'),
    on: clearColumn('K9a'),
    by: clearColumn('K9a'),
    employer: sealedColumn('K7'),
    kind: sealedColumn('K7'),
    matchesPreference: sealedColumn('K3'),
  },
  keys: (event) => (event.type === 'EmployerContactRecorded' ? [event.contactId] : []),
  apply: (_row, { type: _type, at: _at, ...contact }) => contact,
  indexes: byClient,
  sort: ({ on }) => on,
};

export interface JobRow {
  readonly clientId: string;
  readonly jobId: string;
  readonly startedOn: string;
  readonly endedOn?: string | undefined;
  readonly occupation: Sealed<string>;
  readonly regularPaid: Sealed<boolean>;
  readonly contract: Sealed<ContractKind>;
  readonly hoursPerWeek: Sealed<number>;
  readonly endReason?: Sealed<JobEndReason> | undefined;
  readonly learned?: Sealed<string> | undefined;
}
export const clientJobs: View<JobEvent, JobRow> = {
  name: 'client_jobs',
  version: 1,
  columns: {
    ...ids,
    jobId: clearColumn('own'),
    startedOn: clearColumn('K7'),
    endedOn: clearColumn('K7'),
    occupation: sealedColumn('K7'),
    regularPaid: sealedColumn('K7'),
    contract: sealedColumn('K7'),
    hoursPerWeek: sealedColumn('K7'),
    endReason: sealedColumn('K7'),
    learned: sealedColumn('K9a'),
  },
  keys(event) {
    switch (event.type) {
      case 'JobStarted':
      case 'JobChanged':
      case 'JobEnded':
        return [event.jobId];
      default:
        return [];
    }
  },
  apply(row, event) {
    switch (event.type) {
      case 'JobStarted': {
        const { type: _type, at: _at, ...job } = event;
        return job;
      }
      case 'JobChanged':
        return (
          row && {
            ...row,
            occupation: event.occupation ?? row.occupation,
            regularPaid: event.regularPaid ?? row.regularPaid,
            contract: event.contract ?? row.contract,
            hoursPerWeek: event.hoursPerWeek ?? row.hoursPerWeek,
          }
        );
      case 'JobEnded':
        return row && { ...row, endedOn: event.endedOn, endReason: event.reason, learned: event.learned };
    }
  },
  indexes: byClient,
  sort: ({ startedOn }) => startedOn,
};

export interface SummaryRow {
  readonly clientId: string;
  readonly summaryId: string;
  readonly on: string;
  readonly by: string;
  readonly hoursPerWeek: Sealed<number>;
  readonly regularity: Sealed<Regularity>;
  readonly supportNeeded: Sealed<string>;
  readonly adjustments?: Sealed<string> | undefined;
  readonly agreedSteps?: Sealed<string> | undefined;
}
export const clientSummaries: View<ProgressEvent, SummaryRow> = {
  name: 'client_summaries',
  version: 1,
  columns: {
    ...ids,
    summaryId: clearColumn('own'),
    on: clearColumn('K9b'),
    by: clearColumn('K9b'),
    hoursPerWeek: sealedColumn('K9b'),
    regularity: sealedColumn('K9b'),
    supportNeeded: sealedColumn('K9b'),
    adjustments: sealedColumn('K9b'),
    agreedSteps: sealedColumn('K9b'),
  },
  keys: (event) => (event.type === 'ProgressSummarised' ? [event.summaryId] : []),
  apply(row, event) {
    if (event.type !== 'ProgressSummarised') return row;
    const { type: _type, at: _at, ...summary } = event;
    return summary;
  },
  indexes: byClient,
  sort: ({ on }) => on,
};

export interface PossibilityRow {
  readonly clientId: string;
  readonly itemId: string;
  readonly on: string;
  readonly by: string;
  readonly kind: Sealed<PossibilityKind>;
  readonly text: Sealed<string>;
  readonly author: Sealed<PossibilityAuthor>;
}
/** What still holds; a dropped item has no row. */
export const clientPossibilities: View<ProgressEvent, PossibilityRow> = {
  name: 'client_possibilities',
  version: 1,
  columns: {
    ...ids,
    itemId: clearColumn('own'),
    on: clearColumn('K4'),
    by: clearColumn('K4'),
    kind: sealedColumn('K4'),
    text: sealedColumn('K4'),
    author: sealedColumn('K4'),
  },
  keys: (event) => (event.type === 'PossibilityNoted' || event.type === 'PossibilityDropped' ? [event.itemId] : []),
  apply(_row, event) {
    if (event.type !== 'PossibilityNoted') return undefined;
    const { type: _type, at: _at, ...item } = event;
    return item;
  },
  indexes: byClient,
  sort: ({ on }) => on,
};

export interface FundingRow {
  readonly clientId: string;
  readonly scheme: string;
  /** `arranged`, or the milestone. */
  readonly step: string;
  readonly month: string;
}
export const clientFunding: View<FundingEvent, FundingRow> = {
  name: 'client_funding',
  version: 1,
  columns: { ...ids, scheme: clearColumn('K8'), step: clearColumn('K8'), month: clearColumn('K8') },
  keys(event) {
    switch (event.type) {
      case 'FundingArranged':
        return [`${event.clientId}/${event.scheme}`];
      case 'MilestoneReached':
        return [`${event.clientId}/${event.scheme}/${event.milestone}`];
      default:
        return [];
    }
  },
  apply: (_row, event) =>
    event.type === 'FundingArranged'
      ? { clientId: event.clientId, scheme: event.scheme, step: 'arranged', month: event.from.slice(0, 7) }
      : { clientId: event.clientId, scheme: event.scheme, step: event.milestone, month: event.month },
  indexes: byClient,
  sort: ({ month }) => month,
};
