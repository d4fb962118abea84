/** What UWV can tell a partner about a client: who she is, and the physician's non-medical statement. */
import { physicianStatementV1 } from '@convenant/contracts';
import { clientIntroduced, composition, stillSealed, type Composition } from '@convenant/shared-domain';
import { conclusionEvents, conclusionStream } from './conclusion.js';

/** The newest conclusion; one that it superseded is not told any more. */
const physicianStatement = composition({
  contract: physicianStatementV1,
  events: conclusionEvents,
  streams: (clientId) => [conclusionStream(clientId)],
  changedBy: ['ConclusionShared'],
  compose(events) {
    const latest = events.flatMap((event) => (event.type === 'ConclusionShared' ? [event] : [])).at(-1);
    if (!latest) return undefined;
    return {
      usablePossibilities: stillSealed(latest.usablePossibilities),
      limitations: stillSealed(latest.limitations),
      hoursPerDay: stillSealed(latest.hoursPerDay),
      hoursPerWeek: stillSealed(latest.hoursPerWeek),
      expectedCourse: stillSealed(latest.expectedCourse),
      lookAgainOn: latest.lookAgainOn,
      advice: stillSealed(latest.advice),
      validUntil: latest.validUntil,
      concludedOn: latest.concludedOn,
    };
  },
});

export const compositions: readonly Composition[] = [clientIntroduced, physicianStatement];
