/** The clients somebody works with and where each trajectory stands, with since when. */
import { clearColumn, type View } from '@convenant/kernel';
import type { ReferralEvent } from './referral.js';
import type { TrajectoryEvent } from './trajectory.js';

export interface CaseloadRow {
  readonly clientId: string;
  readonly state: 'referred' | 'waiting-for-intake' | 'active' | 'paused' | 'ended' | 'not-taken-on';
  /** The day on which this state began; what a wait is counted from. */
  readonly since: string;
  readonly referredOn: string;
  readonly intakeOn?: string | undefined;
  readonly contactAgainOn?: string | undefined;
}

/**
 * By client. It has no person in it: whose caseload it is follows from working relations, so that a stand-in, a team and a successor
 * see it the moment their relation begins and a predecessor the last time before it ends. Read it with `getMany`.
 */
export const caseload: View<ReferralEvent | TrajectoryEvent, CaseloadRow> = {
  name: 'caseload',
  version: 1,
  columns: {
    clientId: clearColumn('own'),
    state: clearColumn('K2'),
    since: clearColumn('K2'),
    referredOn: clearColumn('K2'),
    intakeOn: clearColumn('K2'),
    contactAgainOn: clearColumn('K2'),
  },
  keys(event) {
    switch (event.type) {
      case 'ClientReferred':
      case 'ReferralDeclined':
      case 'ReferralWithdrawn':
      case 'TrajectoryStarted':
      case 'IntakeHeld':
      case 'TrajectoryPaused':
      case 'TrajectoryResumed':
      case 'TrajectoryEnded':
      case 'TrajectoryReentered':
        return [event.clientId];
      default:
        return [];
    }
  },
  apply(row, event) {
    const isUndecided = row?.state === 'referred';
    const hasRun = row !== undefined && row.state !== 'not-taken-on' && !isUndecided;
    switch (event.type) {
      case 'ClientReferred': {
        const { clientId, referredOn } = event;
        return hasRun && row.state !== 'ended' ? row : { clientId, state: 'referred', since: referredOn, referredOn };
      }
      case 'ReferralDeclined':
      case 'ReferralWithdrawn':
        return isUndecided ? { ...row, state: 'not-taken-on', since: event.on } : row;
      case 'TrajectoryStarted': {
        const { clientId, referredOn, on } = event;
        return { clientId, state: 'waiting-for-intake', since: on, referredOn };
      }
      case 'IntakeHeld':
        return (
          row && { ...row, state: row.state === 'paused' ? 'paused' : 'active', since: event.on, intakeOn: event.on }
        );
      case 'TrajectoryPaused':
        return row && { ...row, state: 'paused', since: event.on, contactAgainOn: event.contactAgainOn };
      case 'TrajectoryResumed':
        return (
          row && {
            ...row,
            state: row.intakeOn === undefined ? 'waiting-for-intake' : 'active',
            since: event.on,
            contactAgainOn: undefined,
          }
        );
      case 'TrajectoryEnded':
        return row && { ...row, state: 'ended', since: event.on, contactAgainOn: undefined };
      case 'TrajectoryReentered':
        return row && { ...row, state: 'waiting-for-intake', since: event.on, intakeOn: undefined };
      default:
        return row;
    }
  },
  sort: ({ since }) => since,
};
