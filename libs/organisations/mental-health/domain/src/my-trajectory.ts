/** What the client sees of her own trajectory: all of it, what stays inside the agency included. */
import { clearColumn, sealedColumn, type Sealed, type View } from '@convenant/kernel';
import type { TrajectoryEvent } from './trajectory.js';

export interface MyTrajectoryRow {
  readonly clientId: string;
  readonly trajectoryId: string;
  readonly state: 'waiting-for-intake' | 'active' | 'paused' | 'ended';
  readonly specialist: string;
  readonly referredOn: string;
  readonly startedOn: string;
  readonly intakeOn?: string | undefined;
  readonly pausedOn?: string | undefined;
  readonly contactAgainOn?: string | undefined;
  readonly pauseReason?: Sealed<string> | undefined;
  readonly endedOn?: string | undefined;
  readonly endKind?: 'completed' | 'premature' | undefined;
  readonly medicalReason?: Sealed<string> | undefined;
}

/** By client. */
export const myTrajectory: View<TrajectoryEvent, MyTrajectoryRow> = {
  name: 'my_trajectory',
  version: 1,
  columns: {
    clientId: clearColumn('own'),
    trajectoryId: clearColumn('own'),
    state: clearColumn('K2'),
    specialist: clearColumn('K2'),
    referredOn: clearColumn('K2'),
    startedOn: clearColumn('K2'),
    intakeOn: clearColumn('K2'),
    pausedOn: clearColumn('K2'),
    contactAgainOn: clearColumn('K2'),
    pauseReason: sealedColumn('K5'),
    endedOn: clearColumn('K2'),
    endKind: clearColumn('K2'),
    medicalReason: sealedColumn('K5'),
  },
  keys(event) {
    switch (event.type) {
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
    if (event.type === 'TrajectoryStarted') {
      const { clientId, trajectoryId, specialist, referredOn, on } = event;
      return { clientId, trajectoryId, state: 'waiting-for-intake', specialist, referredOn, startedOn: on };
    }
    if (!row) return undefined;
    switch (event.type) {
      case 'IntakeHeld':
        return { ...row, state: row.state === 'paused' ? 'paused' : 'active', intakeOn: event.on };
      case 'TrajectoryPaused': {
        const { on, contactAgainOn, reason } = event;
        return { ...row, state: 'paused', pausedOn: on, contactAgainOn, pauseReason: reason };
      }
      case 'TrajectoryResumed': {
        const state = row.intakeOn === undefined ? 'waiting-for-intake' : 'active';
        return { ...row, state, pausedOn: undefined, contactAgainOn: undefined, pauseReason: undefined };
      }
      case 'TrajectoryEnded':
        return {
          ...row,
          state: 'ended',
          endedOn: event.on,
          endKind: event.endKind,
          medicalReason: event.medicalReason,
        };
      case 'TrajectoryReentered': {
        const { clientId, trajectoryId, specialist, on } = event;
        return {
          clientId,
          trajectoryId,
          state: 'waiting-for-intake',
          specialist,
          referredOn: row.referredOn,
          startedOn: on,
        };
      }
      default:
        return row;
    }
  },
};
