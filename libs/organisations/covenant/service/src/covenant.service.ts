/** THE MAP of the secretariat: participants and agreements. It holds nothing about any client and exchanges no messages about one. */
import { readFileSync } from 'node:fs';
import { asView, type ServiceDefinition } from '@convenant/host';
import { agreementEvents, agreements, participantEvents, participants } from '@convenant/covenant-domain';
import { baseSchema } from '@convenant/shared-service';
import { covenantAgreements, endAgreement, extendAgreement, makeAgreement } from './agreements.js';
import { covenantParticipants, joinCovenant, leaveCovenant, proposeKeys } from './participants.js';

export const covenantService: ServiceDefinition = {
  kind: 'covenant',
  schema: [...baseSchema, readFileSync(new URL('./covenant.graphql', import.meta.url), 'utf8')],
  catalogues: [participantEvents, agreementEvents],
  views: [asView(participantEvents, participants), asView(agreementEvents, agreements)],
  commands: [joinCovenant, proposeKeys, leaveCovenant, makeAgreement, extendAgreement, endAgreement],
  queries: [covenantParticipants, covenantAgreements],
  compositions: [],
  sends: {},
  receives: {},
  reactions: [],
  deadlines: [],
  findClients: () => Promise.resolve([]),
};
