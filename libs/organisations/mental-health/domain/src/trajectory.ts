/** The course of a client's IPS trajectory: it begins after a referral, may pause and come back, and ends without telling outsiders why. */
import {
  accept,
  addMonthsToDate,
  compareDates,
  defineEvent,
  defineEvents,
  refuse,
  sealedOptional,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import {
  dateRefusals,
  happened,
  isFurtherThan,
  isInOrder,
  isStillToCome,
  type CommandFor,
  type DateRefusal,
} from '@convenant/shared-domain';
import { z } from 'zod';
import type { ReferralAccepted } from './referral.js';

const instant = z.iso.datetime();
const date = z.iso.date();
const ids = { trajectoryId: z.string(), clientId: z.string() };

export const TrajectoryStarted = defineEvent('TrajectoryStarted', {
  clear: { ...ids, referralId: z.string(), referredOn: date, on: date, specialist: z.string(), at: instant },
});
export const IntakeHeld = defineEvent('IntakeHeld', { clear: { ...ids, on: date, at: instant } });
export const TrajectoryPaused = defineEvent('TrajectoryPaused', {
  clear: { ...ids, on: date, contactAgainOn: date, at: instant },
  /** Stays inside the agency. */
  sealed: { reason: sealedOptional<string>('K5') },
});
export const TrajectoryResumed = defineEvent('TrajectoryResumed', { clear: { ...ids, on: date, at: instant } });
export const TrajectoryEnded = defineEvent('TrajectoryEnded', {
  /** `endKind` counts for the agency's own figures; other organisations learn the date and nothing else (U07). */
  clear: { ...ids, on: date, endKind: z.enum(['completed', 'premature']), at: instant },
  sealed: { medicalReason: sealedOptional<string>('K5') },
});
/** Back within 24 months, without a new referral (U15). */
export const TrajectoryReentered = defineEvent('TrajectoryReentered', {
  clear: { ...ids, on: date, specialist: z.string(), at: instant },
});
export const trajectoryEvents = defineEvents(
  TrajectoryStarted,
  IntakeHeld,
  TrajectoryPaused,
  TrajectoryResumed,
  TrajectoryEnded,
  TrajectoryReentered,
);
export type TrajectoryEvent = CatalogueEvent<typeof trajectoryEvents>;
export const trajectoryStream = (clientId: string): string => `trajectory-${clientId}`;

/** The ids of a running trajectory come from its stream; who asks does not repeat them. */
type Within<Type extends string, Event> = Omit<CommandFor<Type, Event>, 'trajectoryId' | 'clientId'>;
export type TrajectoryCommand =
  | CommandFor<'StartTrajectory', EventOf<typeof TrajectoryStarted>>
  | Within<'HoldIntake', EventOf<typeof IntakeHeld>>
  | Within<'PauseTrajectory', EventOf<typeof TrajectoryPaused>>
  | Within<'ResumeTrajectory', EventOf<typeof TrajectoryResumed>>
  | Within<'EndTrajectory', EventOf<typeof TrajectoryEnded>>
  | CommandFor<'ReenterTrajectory', EventOf<typeof TrajectoryReentered>>;
export type TrajectoryRefusal =
  | 'trajectory-already-running'
  | 'no-trajectory'
  | 'intake-already-held'
  | 'already-paused'
  | 'not-paused'
  | 'already-ended'
  | 'new-referral-needed'
  | DateRefusal;
export const trajectoryRefusals = {
  ...dateRefusals,
  'trajectory-already-running': {
    nl: 'Deze cliënt heeft al een lopend traject.',
    en: 'This client has a running trajectory already.',
  },
  'no-trajectory': { nl: 'Deze cliënt heeft geen lopend traject.', en: 'This client has no running trajectory.' },
  'intake-already-held': {
    nl: 'De intake van dit traject is al vastgelegd, met een andere datum.',
    en: 'The intake of this trajectory was recorded already, on another date.',
  },
  'already-paused': { nl: 'Dit traject staat al op pauze.', en: 'This trajectory is paused already.' },
  'not-paused': { nl: 'Dit traject staat niet op pauze.', en: 'This trajectory is not paused.' },
  'already-ended': { nl: 'Dit traject is al beëindigd.', en: 'This trajectory has ended already.' },
  'new-referral-needed': {
    nl: 'Het vorige traject is langer dan 24 maanden geleden beëindigd. Meld de cliënt opnieuw aan.',
    en: 'The last trajectory ended more than 24 months ago. Refer the client again.',
  },
} as const satisfies Refusals<TrajectoryRefusal>;

const reentryMonths = 24;
const contactAgainMonths = 12;

export interface Trajectory {
  readonly status: 'none' | 'running' | 'paused' | 'ended';
  readonly trajectoryId: string;
  readonly clientId: string;
  /** Every referral that started a trajectory: none starts a second one. */
  readonly referralIds: readonly string[];
  readonly intakeOn?: string | undefined;
  readonly contactAgainOn?: string;
  readonly resumedOn?: string | undefined;
  /** The day of the newest thing that happened: nothing can be recorded before it. */
  readonly lastOn?: string;
}

export const trajectory: Decider<TrajectoryCommand, TrajectoryEvent, Trajectory, TrajectoryRefusal> = {
  initial: { status: 'none', trajectoryId: '', clientId: '', referralIds: [] },
  evolve(state, event) {
    const lastOn = event.on;
    switch (event.type) {
      case 'TrajectoryStarted': {
        const { trajectoryId, clientId, referralId } = event;
        return { status: 'running', trajectoryId, clientId, referralIds: [...state.referralIds, referralId], lastOn };
      }
      case 'TrajectoryReentered':
        return {
          ...state,
          status: 'running',
          trajectoryId: event.trajectoryId,
          intakeOn: undefined,
          resumedOn: undefined,
          lastOn,
        };
      case 'IntakeHeld':
        return { ...state, intakeOn: event.on, lastOn };
      case 'TrajectoryPaused':
        return { ...state, status: 'paused', contactAgainOn: event.contactAgainOn, lastOn };
      case 'TrajectoryResumed':
        return { ...state, status: 'running', resumedOn: event.on, lastOn };
      case 'TrajectoryEnded':
        return { ...state, status: 'ended', lastOn };
    }
  },
  decide(command, state) {
    const { status, trajectoryId, clientId, lastOn } = state;
    const ids = { trajectoryId, clientId };
    const goesOn = status === 'running' || status === 'paused';
    const isRepeated = state.lastOn === command.on;
    const badDate = refusedDate(command, command.type === 'StartTrajectory' ? command.referredOn : lastOn);
    switch (command.type) {
      case 'StartTrajectory':
        if (state.referralIds.includes(command.referralId)) return accept();
        if (goesOn) return refuse('trajectory-already-running');
        return (
          badDate ??
          (isInOrder(lastOn, command.on)
            ? accept(happened('TrajectoryStarted', command))
            : refuse('dates-in-wrong-order'))
        );
      case 'ReenterTrajectory':
        if (goesOn) return trajectoryId === command.trajectoryId ? accept() : refuse('trajectory-already-running');
        if (status === 'none' || lastOn === undefined) return refuse('new-referral-needed');
        if (compareDates(command.on, addMonthsToDate(lastOn, reentryMonths)) > 0) return refuse('new-referral-needed');
        return badDate ?? accept(happened('TrajectoryReentered', command));
      case 'HoldIntake':
        if (!goesOn) return refuse('no-trajectory');
        if (state.intakeOn !== undefined)
          return state.intakeOn === command.on ? accept() : refuse('intake-already-held');
        return badDate ?? accept({ ...happened('IntakeHeld', command), ...ids });
      case 'PauseTrajectory':
        if (!goesOn) return refuse('no-trajectory');
        if (status === 'paused')
          return isRepeated && state.contactAgainOn === command.contactAgainOn ? accept() : refuse('already-paused');
        if (!isInOrder(command.on, command.contactAgainOn)) return refuse('dates-in-wrong-order');
        if (isFurtherThan(command.contactAgainOn, contactAgainMonths, command.at)) return refuse('date-too-far-ahead');
        return badDate ?? accept({ ...happened('TrajectoryPaused', command), ...ids });
      case 'ResumeTrajectory':
        if (!goesOn) return refuse('no-trajectory');
        if (status === 'running') return isRepeated && state.resumedOn === command.on ? accept() : refuse('not-paused');
        return badDate ?? accept({ ...happened('TrajectoryResumed', command), ...ids });
      case 'EndTrajectory':
        if (status === 'none') return refuse('no-trajectory');
        if (status === 'ended') return isRepeated ? accept() : refuse('already-ended');
        return badDate ?? accept({ ...happened('TrajectoryEnded', command), ...ids });
    }
  },
};

/** Things are recorded when they have happened, and not before what came earlier. */
const refusedDate = (command: { on: string; at: string }, notBefore: string | undefined) =>
  !isInOrder(notBefore, command.on)
    ? refuse('dates-in-wrong-order')
    : isStillToCome(command.on, command.at)
      ? refuse('date-in-future')
      : undefined;

/** An accepted referral starts a trajectory; one per referral, so that starting it again changes nothing. */
export const trajectoryFor = ({
  referralId,
  clientId,
  referredOn,
  by,
  on,
  at,
}: EventOf<typeof ReferralAccepted>): TrajectoryCommand => ({
  type: 'StartTrajectory',
  trajectoryId: referralId,
  referralId,
  clientId,
  referredOn,
  on,
  specialist: by,
  at,
});
