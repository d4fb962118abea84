/** Reading the agency's own file: the caseload, one client's file by those who work with her, and by the client herself. */
import { defineQuery, type QueryContext } from '@convenant/host';
import type { View } from '@convenant/kernel';
import {
  caseload,
  clientContacts,
  clientEmployerContacts,
  clientFunding,
  clientJobs,
  clientPossibilities,
  clientProfile,
  clientSummaries,
  myTrajectory,
} from '@convenant/mental-health-domain';
import { nothing, ofClient } from '@convenant/shared-service';
import { listed, readFile, team } from './access-kinds.js';
import { nameOf } from './names.js';

export const myCaseload = defineQuery({
  name: 'myCaseload',
  args: nothing,
  by: team,
  about: 'list',
  purpose: 'support',
  access: listed,
  async answer(_args, context) {
    const readers = await context.everyClientOfMine();
    const rows = await Promise.all(
      readers.map(async (reader) => {
        const row = await context.views.get(caseload, reader.client);
        const relation = {
          ...(await nameOf(reader, context)),
          relation: reader.relation?.kind,
          confirmed: reader.relation?.confirmed,
        };
        return row ? { ...(await reader.own(caseload, row)), ...relation } : { clientId: reader.client, ...relation };
      }),
    );
    return rows.sort((a, b) => (('since' in a && a.since) || '').localeCompare(('since' in b && b.since) || ''));
  },
});

/** Every part that the reader's role may read; what it may not read has no row here. */
async function fileOf({ views, reader, client }: QueryContext) {
  const all = async <Event extends { type: string }, Row extends object>(view: View<Event, Row>) => {
    const rows = await views.find(view, 'clientId', client);
    const read = await Promise.all(rows.map(({ row }) => reader.own(view, row)));
    return read.filter((row) => Object.keys(row).some((column) => column !== 'clientId' && !column.endsWith('Id')));
  };
  const trajectory = await views.get(myTrajectory, client);
  return {
    clientId: client,
    trajectory: trajectory && (await reader.own(myTrajectory, trajectory)),
    profiles: await all(clientProfile),
    contacts: await all(clientContacts),
    employerContacts: await all(clientEmployerContacts),
    jobs: await all(clientJobs),
    summaries: await all(clientSummaries),
    possibilities: await all(clientPossibilities),
    funding: await all(clientFunding),
  };
}

export const clientFile = defineQuery({
  name: 'clientFile',
  args: ofClient.partial(),
  by: team,
  about: 'client',
  purpose: 'support',
  access: readFile,
  answer: (_args, context) => fileOf(context),
});
/** A project leader sees a case with a colleague, for as long as the supervision of that case lasts (U13). */
export const supervisedFile = defineQuery({
  name: 'supervisedFile',
  args: ofClient.partial(),
  by: ['ipsProjectLeader'],
  about: 'client',
  purpose: 'supervision',
  access: readFile,
  answer: (_args, context) => fileOf(context),
});
/** The client reads all of it, what stays inside the agency included. */
export const myFile = defineQuery({
  name: 'myFile',
  args: nothing,
  by: ['client', 'representative'],
  about: 'client',
  purpose: 'support',
  access: { ...readFile, activity: 'client-access' },
  answer: (_args, context) => fileOf(context),
});
