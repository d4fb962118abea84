/** Whom somebody at UWV works with, and what a physician still has to do: answers to read, drafts to conclude, when to look again. */
import { defineQuery } from '@convenant/host';
import { clearColumn } from '@convenant/kernel';
import { workList } from '@convenant/uwv-domain';
import { nothing } from '@convenant/shared-service';
import { nameOf } from './names.js';

const listing = { event: 'list', action: 'R', activity: 'progress-review' } as const;
/** A line says that a question was asked or a conclusion is due: that is of the physician's own file (K5), not a trajectory's state (K2), which UWV has none of. */
const physiciansWorkList = {
  ...workList,
  columns: { ...workList.columns, what: clearColumn('K5'), on: clearColumn('K5') },
};

export const myWorkList = defineQuery({
  name: 'myWorkList',
  args: nothing,
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'list',
  purpose: 'support',
  access: listing,
  async answer(_args, context) {
    const readers = (await context.everyClientOfMine()).filter((reader) => reader.may('K5'));
    const lines = await Promise.all(
      readers.map(async (reader) => {
        const name = await nameOf(reader, context);
        const rows = await context.views.find(workList, 'clientId', reader.client);
        return Promise.all(rows.map(async ({ row }) => ({ ...(await reader.own(physiciansWorkList, row)), ...name })));
      }),
    );
    return lines.flat().sort((a, b) => (a.on ?? '').localeCompare(b.on ?? ''));
  },
});

export const myClients = defineQuery({
  name: 'myClients',
  args: nothing,
  by: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'benefitsAdviser', 'objectionOfficer'],
  about: 'list',
  purpose: 'support',
  access: listing,
  answer: async (_args, context) =>
    Promise.all(
      (await context.everyClientOfMine()).map(async (reader) => ({
        ...(await nameOf(reader, context)),
        clientId: reader.client,
        relation: reader.relation?.kind,
        confirmed: reader.relation?.confirmed,
      })),
    ),
});
