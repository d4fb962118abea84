/** After which events the client herself still has to report (U01): shown after they happened, never as a step before a withdrawal. */
import type { DisclosureEvent } from '@convenant/consent';
import { clearColumn, dayOf, type OrganisationKind, type View } from '@convenant/kernel';
import type { JobEvent } from './job.js';
import type { Occasion, ReportingDuty } from './reporting-notice.js';

export interface ReportingDutyRow {
  readonly clientId: string;
  /** `asked`: a partner that was asked about and that she says nothing no to (yet); kept to know whom she has to do with. */
  readonly occasion: Occasion | 'asked';
  readonly on: string;
  readonly jobId?: string | undefined;
  readonly organisation?: string | undefined;
  readonly organisationKind?: OrganisationKind | undefined;
  /** Of the consent that this row is about: did she first see work and contract on it, so that leaving it out is a no. */
  readonly coversWork?: boolean | undefined;
}

/** By occasion, newest last. Find by `clientId` and give the rows to `reportingDutiesOf`. */
export const reportingDuties: View<JobEvent | DisclosureEvent, ReportingDutyRow> = {
  name: 'reporting_duties',
  version: 1,
  columns: {
    clientId: clearColumn('own'),
    occasion: clearColumn('K2'),
    on: clearColumn('K2'),
    jobId: clearColumn('own'),
    organisation: clearColumn('own'),
    organisationKind: clearColumn('own'),
    coversWork: clearColumn('own'),
  },
  keys(event, stored) {
    switch (event.type) {
      case 'JobStarted':
      case 'JobChanged':
      case 'JobEnded':
        return [stored.id];
      case 'ConsentProposed':
      case 'ConsentGiven':
      case 'ConsentRefused':
      case 'ConsentNarrowed':
      case 'ConsentWithdrawn':
        return [event.consentId];
      default:
        return [];
    }
  },
  apply(row, event, _key, stored) {
    const on = dayOf(event.at);
    switch (event.type) {
      case 'JobStarted':
        return { clientId: event.clientId, occasion: 'work-started', on: event.startedOn, jobId: event.jobId };
      case 'JobChanged':
        return { clientId: event.clientId, occasion: 'work-changed', on: event.changedOn, jobId: event.jobId };
      case 'JobEnded':
        return { clientId: event.clientId, occasion: 'work-ended', on: event.endedOn, jobId: event.jobId };
      case 'ConsentProposed': {
        const { recipient, recipientKind, categories } = event;
        if (stored.meta.client === undefined || !paysBenefits(recipientKind)) return undefined;
        const coversWork = categories.includes('K7');
        const clientId = stored.meta.client;
        return {
          clientId,
          occasion: 'asked',
          on,
          organisation: recipient,
          organisationKind: recipientKind,
          coversWork,
        };
      }
      case 'ConsentGiven': {
        const leftOut = row?.coversWork === true && !event.categories.includes('K7');
        return row && { ...row, occasion: leftOut ? 'sharing-refused' : 'asked', on };
      }
      case 'ConsentRefused':
        return row && { ...row, occasion: 'sharing-refused', on };
      case 'ConsentNarrowed':
        return row && (event.removed.includes('K7') ? { ...row, occasion: 'sharing-withdrawn', on } : row);
      case 'ConsentWithdrawn':
        return row && { ...row, occasion: 'sharing-withdrawn', on };
      default:
        return row;
    }
  },
  indexes: ({ clientId }) => ({ clientId }),
  sort: ({ on }) => on,
};

const paysBenefits = (kind: OrganisationKind): boolean => kind === 'uwv' || kind === 'municipality';

/**
 * What the client has to report, to whom. Work goes to every benefits body that a permission was ever asked for;
 * when there is none, to whichever pays her: then `to` is absent and the sentence names both.
 */
export function reportingDutiesOf(rows: readonly ReportingDutyRow[]): readonly ReportingDuty[] {
  const bodies = new Map<string, ReportingDuty['to']>();
  for (const { organisation, organisationKind } of rows)
    if (organisation !== undefined && (organisationKind === 'uwv' || organisationKind === 'municipality'))
      bodies.set(organisation, { organisation, kind: organisationKind });
  return rows.flatMap(({ occasion, on, jobId, organisation }): readonly ReportingDuty[] => {
    if (occasion === 'asked') return [];
    if (organisation !== undefined) return [{ occasion, on, to: bodies.get(organisation) }];
    const to = bodies.size === 0 ? [undefined] : [...bodies.values()];
    return to.map((each) => ({ occasion, on, jobId, to: each }));
  });
}
