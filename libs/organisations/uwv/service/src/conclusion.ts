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
  statementBasis,
  statements,
  type ConclusionCommand,
} from '@convenant/uwv-domain';
import { aboutClient, date, id, nothing, ofClient, requestId } from '@convenant/shared-service';
import { z } from 'zod';

const judging = { event: 'enter', action: 'C', activity: 'progress-review' } as const;
const reading = { event: 'read', action: 'R', activity: 'progress-review' } as const;

async function record(command: ConclusionCommand, madeId: string, context: CommandContext) {
  const ran = await context.run(conclusionEvents, conclusion, conclusionStream(context.client), command);
  return 'refused' in ran ? ran : { done: { id: madeId } };
}

/**
 * A conclusion that is named must have been begun about this client: ids are keys of what everybody reads, so one of another client would
 * put her conclusion in its place. One that was shared by an earlier request stays as it is.
 */
async function whyNotThisOne(
  conclusionId: string | undefined,
  context: CommandContext,
): Promise<'conclusion-unknown' | 'already-concluded' | undefined> {
  if (conclusionId === undefined) return undefined;
  const events = await context.ports.store.read(conclusionStream(context.client));
  const about = events.filter(
    ({ type, data }) => type !== 'ClientViewAdded' && (data as { conclusionId?: string }).conclusionId === conclusionId,
  );
  if (about.length === 0) return 'conclusion-unknown';
  return about.some(({ type, meta }) => type === 'ConclusionShared' && meta.cause !== context.meta.cause)
    ? 'already-concluded'
    : undefined;
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
    const why = await whyNotThisOne(conclusionId, context);
    if (why) return { refused: why };
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
  input: z.strictObject({
    ...aboutClient,
    conclusionId: id.optional(),
    lookAgainOn: date,
    validUntil: date.optional(),
    basedOn: z.array(id).max(50),
    content: conclusionInput,
  }),
  // Her delegates are let in so that they get the sentence that says who concludes.
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'client',
  access: judging,
  refusals: conclusionRefusals,
  async handle({ clientId, conclusionId, lookAgainOn, validUntil, basedOn, content }, context) {
    const why = await whyNotThisOne(conclusionId, context);
    if (why) return { refused: why };
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
    return record(
      {
        type: 'AddClientView',
        viewId,
        conclusionId,
        clientId: context.client,
        asksForCorrection,
        at: context.at,
        ...sealed,
      },
      viewId,
      context,
    );
  },
});

const whatItIs = {
  nl: 'Dit is een advies voor begeleiding en geen beoordeling van een uitkering.',
  en: 'This is advice for support and no assessment of a benefit.',
};

async function statementsOf({ views, reader, client }: QueryContext) {
  // Who may not read a statement does not learn how many there are.
  if (!reader.may('K4')) return [];
  const added = await Promise.all(
    (await views.find(clientViews, 'clientId', client)).map(({ row }) => reader.own(clientViews, row)),
  );
  return Promise.all(
    (await views.find(statements, 'clientId', client)).map(async ({ row }) => ({
      ...(await reader.own(statements, row)),
      whatItIs,
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

/** For the physician and who works under her name: which disclosures and answers a conclusion rests on. What they said is read through `takenFor`. */
export const statementSources = defineQuery({
  name: 'statementSources',
  args: z.strictObject({ clientId: id, conclusionId: id }),
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'client',
  purpose: 'support',
  access: reading,
  async answer({ conclusionId }, { views, reader, client }) {
    const row = await views.get(statementBasis, conclusionId);
    return row?.clientId === client && reader.may('K5') ? reader.own(statementBasis, row) : undefined;
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
    return row?.clientId === client && reader.may('K4') ? reader.own(conclusionDrafts, row) : undefined;
  },
});
