/** THE MAP of a municipality: what it decides, shows, is asked, sends and receives. */
import { readFileSync } from 'node:fs';
import { asView, type ServiceDefinition } from '@convenant/host';
import { compositions, supportEvents, supportList } from '@convenant/municipality-domain';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import { endSupport, myClients, takeOnClient } from './support-task.js';

const shared = sharedSlices({
  kind: 'municipality',
  registerBy: ['clientManager'],
  staff: ['clientManager', 'medicalAdviser', 'objectionOfficer'],
  proposeBy: ['clientManager'],
  leads: [],
  askBy: ['clientManager'],
});

export const municipalityService: ServiceDefinition = {
  kind: 'municipality',
  schema: [...sharedSchema, readFileSync(new URL('./municipality.graphql', import.meta.url), 'utf8')],
  catalogues: [...shared.catalogues, supportEvents],
  views: [...shared.views, asView(supportEvents, supportList)],
  commands: [...shared.commands, takeOnClient, endSupport],
  queries: [...shared.queries, myClients],
  compositions: [...compositions],
  sends: shared.sends,
  receives: {},
  reactions: shared.reactions,
  deadlines: shared.deadlines,
  findClients: shared.findClients,
};
