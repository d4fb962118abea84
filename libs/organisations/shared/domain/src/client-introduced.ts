/** What a partner learns first: who it is, from this organisation's own record. */
import { clientIntroducedV1 } from '@convenant/contracts';
import { clientRecordEvents, clientStream } from './client-record.js';
import { composition, stillSealed } from './compose.js';

export const clientIntroduced = composition({
  contract: clientIntroducedV1,
  events: clientRecordEvents,
  streams: (clientId) => [clientStream(clientId)],
  changedBy: ['ClientRegistered', 'ClientDetailsCorrected'],
  compose(events) {
    const latest = events.at(-1);
    return (
      latest && {
        initials: stillSealed(latest.initials),
        familyName: stillSealed(latest.familyName),
        dateOfBirth: stillSealed(latest.dateOfBirth),
      }
    );
  },
});
