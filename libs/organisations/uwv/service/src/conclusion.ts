/** The physician's non-medical conclusion (U10): prepared, concluded, read by labour expert and client, answered by the client. */
import { defineCommand, defineQuery, type CommandContext, type QueryContext } from '@convenant/host';
import { dayOf } from '@convenant/kernel';
import { sealFields } from '@convenant/shared-domain';
import {
  ClientViewAdded,
  ConclusionDrafted,
  ConclusionShared,
  clientViewInput,
  clientViews,
  conclusion,
  conclusionDrafts,
  conclusionEvents,
  conclusionInput,
  conclusionRefusals,
  conclusionStream,
  progressView,
  statementBasis,
  statements,
  workList,
  type ConclusionCommand,
} from '@convenant/uwv-domain';
import { z } from 'zod';
import { aboutClient, date, id, nothing, ofClient, requestId } from './input.js';

const judging = { event: 'enter', action: 'C', activity: 'progress-review' } as const;
const reading = { event: 'read', action: 'R', activity: 'progress-review' } as const;

async function record(command: ConclusionCommand, madeId: string, context: CommandContext) {
  const ran = await context.run(conclusionEvents, conclusion, conclusionStream(context.client), command);
  return 'refused' in ran ? ran : { done: { id: madeId } };
}

/** Also by a delegate, under the name of the physician for whom she works. */
export const draftConclusion = defineCommand({
  name: 'draftConclusion',
  input: z.strictObject({ ...aboutClient, conclusionId: id.optional(), lookAgainOn: date, content: conclusionInput }),
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'client',
  access: judging,
  refusals: conclusionRefusals,
  async handle({ clientId, conclusionId, lookAgainOn, content }, context) {
    const { ids, sealer } = context.ports;
    const draftId = ids.derive('conclusion-draft', context.session.person, context.requestId);
    const madeId = conclusionId ?? ids.derive('conclusion', context.session.person, context.requestId);
    const sealed = await sealFields(sealer, clientId, ConclusionDrafted, content);
    return record(
      {
        type: 'DraftConclusion',
        conclusionId: madeId,
        draftId,
        clientId,
        by: context.session.person,
        role: context.session.role,
        responsible: context.relation?.responsible,
        lookAgainOn,
        at: context.at,
        ...sealed,
      },
      madeId,
      context,
    );
  },
});

export const shareConclusion = defineCommand({
  name: 'shareConclusion',
  input: z.strictObject({ ...aboutClient, conclusionId: id.optional(), lookAgainOn: date, validUntil: date.optional(), basedOn: z.array(id).max(50), content: conclusionInput }),
  // Her delegates are let in so that they get the sentence that says who concludes.
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'client',
  access: judging,
  refusals: conclusionRefusals,
  async handle({ clientId, conclusionId, lookAgainOn, validUntil, basedOn, content }, context) {
    const madeId = conclusionId ?? context.ports.ids.derive('conclusion', context.session.person, context.requestId);
    const sealed = await sealFields(context.ports.sealer, clientId, ConclusionShared, content);
    return record(
      {
        type: 'ShareConclusion',
        conclusionId: madeId,
        clientId,
        by: context.session.person,
        role: context.session.role,
        concludedOn: dayOf(context.at),
        lookAgainOn,
        validUntil,
        basedOn,
        at: context.at,
        ...sealed,
      },
      madeId,
      context,
    );
  },
});

/** She may add her view or ask for correction; she cannot block the conclusion (SUWI 74(4), to be confirmed). */
export const addMyView = defineCommand({
  name: 'addMyView',
  input: z.strictObject({ requestId, conclusionId: id, asksForCorrection: z.boolean(), ...clientViewInput.shape }),
  by: ['client', 'representative'],
  about: 'client',
  access: { ...judging, activity: 'client-access' },
  refusals: conclusionRefusals,
  async handle({ conclusionId, asksForCorrection, view }, context) {
    const viewId = context.ports.ids.derive('client-view', context.session.person, context.requestId);
    const sealed = await sealFields(context.ports.sealer, context.client, ClientViewAdded, { view });
    return record({ type: 'AddClientView', viewId, conclusionId, clientId: context.client, asksForCorrection, at: context.at, ...sealed }, viewId, context);
  },
});

async function statementsOf({ views, reader, client }: QueryContext) {
  const added = await Promise.all((await views.find(clientViews, 'clientId', client)).map(({ row }) => reader.own(clientViews, row)));
  return Promise.all(
    (await views.find(statements, 'clientId', client)).map(async ({ row }) => ({
      ...(await reader.own(statements, row)),
      clientViews: added.filter(({ conclusionId }) => conclusionId === row.conclusionId),
    })),
  );
}

/** The non-medical statement; it holds no way to what it rests on. */
export const readStatements = defineQuery({
  name: 'statements',
  args: ofClient,
  by: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'objectionOfficer'],
  about: 'client',
  purpose: 'support',
  access: reading,
  answer: (_args, context) => statementsOf(context),
});
export const myStatements = defineQuery({
  name: 'myStatements',
  args: nothing,
  by: ['client', 'representative'],
  about: 'client',
  purpose: 'support',
  access: { ...reading, activity: 'client-access' },
  answer: (_args, context) => statementsOf(context),
});

/** For the physician: which disclosures and answers a conclusion rests on. What they said is read through `takenFor`. */
export const statementSources = defineQuery({
  name: 'statementSources',
  args: z.strictObject({ clientId: id, conclusionId: id }),
  by: ['insurancePhysician'],
  about: 'client',
  purpose: 'support',
  access: reading,
  async answer({ conclusionId }, { views, reader, client }) {
    const row = await views.get(statementBasis, conclusionId);
    return row?.clientId === client ? reader.own(statementBasis, row) : undefined;
  },
});

export const conclusionDraft = defineQuery({
  name: 'conclusionDraft',
  args: z.strictObject({ clientId: id, conclusionId: id }),
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'client',
  purpose: 'support',
  access: reading,
  async answer({ conclusionId }, { views, reader, client }) {
    const row = await views.get(conclusionDrafts, conclusionId);
    return row?.clientId === client ? reader.own(conclusionDrafts, row) : undefined;
  },
});

/** What she reviews: working pattern, kind of work, support and its effect, what was tried, possibilities with author and date. */
export const progress = defineQuery({
  name: 'progress',
  args: ofClient,
  by: ['insurancePhysician', 'physicianDelegate', 'labourExpert'],
  about: 'client',
  purpose: 'support',
  access: reading,
  async answer(_args, { reader }) {
    const received = await reader.received();
    const latest = (contract: string) => received.filter((fact) => fact.contract === contract).at(-1);
    const [jobs, summaries, possibilities, profile] = ['job-facts.v1', 'progress-summary.v1', 'functional-possibilities.v1', 'vocational-profile.v1'].map(latest);
    const view = progressView({
      jobs: jobs?.fields['jobs'] as never,
      summaries: summaries?.fields['summaries'] as never,
      possibilities: possibilities?.fields['items'] as never,
      profile: profile?.fields as never,
    });
    return { ...view, asOf: received.map((fact) => fact.asOf).sort().at(-1), basedOn: [...new Set(received.map(({ messageId }) => messageId))].sort() };
  },
});

export const myWorkList = defineQuery({
  name: 'myWorkList',
  args: nothing,
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'list',
  purpose: 'support',
  access: { ...reading, event: 'list' },
  async answer(_args, context) {
    const readers = await context.everyClientOfMine();
    const rows = await Promise.all(
      readers.map(async (reader) => Promise.all((await context.views.find(workList, 'clientId', reader.client)).map(({ row }) => reader.own(workList, row)))),
    );
    return rows.flat();
  },
});
/** The clients of whoever asks, by id: whom she works with at this moment. */
export const myClients = defineQuery({
  name: 'myClients',
  args: nothing,
  by: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'benefitsAdviser'],
  about: 'list',
  purpose: 'support',
  access: { ...reading, event: 'list' },
  answer: async (_args, context) =>
    (await context.everyClientOfMine()).map(({ client, relation }) => ({ clientId: client, relation: relation?.kind, confirmed: relation?.confirmed })),
});
