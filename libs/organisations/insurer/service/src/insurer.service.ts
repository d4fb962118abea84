/** THE MAP of a health insurer: it registers its insured and reads the milestones that were disclosed to it, and no more. */
import { readFileSync } from 'node:fs';
import type { ServiceDefinition } from '@convenant/host';
import { compositions } from '@convenant/insurer-domain';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import { myClients } from './my-clients.js';

const shared = sharedSlices({
  kind: 'insurer',
  registerBy: ['claimsOfficer'],
  staff: ['claimsOfficer'],
  proposeBy: [],
  leads: [],
  askBy: ['claimsOfficer'],
});

export const insurerService: ServiceDefinition = {
  kind: 'insurer',
  schema: [...sharedSchema, readFileSync(new URL('./insurer.graphql', import.meta.url), 'utf8')],
  catalogues: shared.catalogues,
  views: shared.views,
  commands: shared.commands,
  queries: [...shared.queries, myClients],
  compositions: [...compositions],
  sends: shared.sends,
  receives: {},
  reactions: shared.reactions,
  deadlines: shared.deadlines,
  findClients: shared.findClients,
};
