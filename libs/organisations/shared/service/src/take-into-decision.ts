/** One received fact is taken into one decision of this organisation, and from then on readable through that decision alone (U06). */
import {
  consentCategories,
  decisionKinds,
  mayTakeIntoDecision,
  readingSentences,
  type StaffRole,
} from '@convenant/consent';
import { findContract, partSchema } from '@convenant/contracts';
import {
  received,
  receivedEvents,
  receivedFacts,
  receivedRefusals,
  receivedStream,
  registeredConsents,
} from '@convenant/exchange';
import { defineCommand, defineQuery, type AnyCommand, type AnyQuery } from '@convenant/host';
import { dayOf, fold, type Category } from '@convenant/kernel';
import { z } from 'zod';
import { answered } from './carried-out.js';
import { categoryInWords, contractTitle, fieldLines } from './in-words.js';
import { herself, type SharedOptions } from './shared-options.js';

export const takeIntoDecision = ({ kind, staff }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'takeIntoDecision',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      messageId: z.string(),
      category: z.enum(consentCategories),
      decisionId: z.uuid(),
      decisionKind: z.enum(decisionKinds),
    }),
    by: staff,
    about: 'client',
    access: { event: 'add', action: 'U', activity: 'reading-received' },
    refusals: { ...readingSentences, ...receivedRefusals },
    async handle({ requestId, clientId, messageId, category, decisionId, decisionKind }, context) {
      const { at, ports, session } = context;
      await context.upToDate();
      const facts = await context.views.find(receivedFacts, 'client', clientId);
      const row = facts.find((fact) => fact.row.messageId === messageId && fact.row.category === category)?.row;
      // What a closing removed and what never came look alike.
      if (!row) return { refused: 'not-received' };
      const stream = receivedStream(row.discloser, row.pseudonym);
      const state = fold(received, await context.history(receivedEvents, stream));
      const verdict = mayTakeIntoDecision(
        { kind, role: session.role as StaffRole, decision: decisionKind, category, consentId: row.consentId, now: at },
        registeredConsents(state, at),
      );
      if ('denied' in verdict)
        return { refused: verdict.denied.includes('closed') ? 'scope-closed' : (verdict.denied[0] ?? 'no-row') };
      const opened = await ports.scopeKeys.open<Record<string, unknown>>(row.keyId, row.sealedText, {
        use: 'take',
        role: session.role,
        person: session.person,
        assigned: context.relation !== undefined,
      });
      const contract = findContract(row.contract);
      if (typeof opened === 'string' || contract?.kind !== 'disclosure') return { refused: 'scope-closed' };
      if (!partSchema(contract, category).safeParse(opened.value).success) return { refused: 'not-received' };
      const { law, until } = verdict.permit;
      const takenId = ports.ids.derive('taken', session.person, requestId);
      const taken = await context.run(receivedEvents, received, stream, {
        type: 'Take',
        takenId,
        messageId,
        category,
        decisionId,
        decisionKind,
        law,
        until: dayOf(until),
        by: session.person,
        content: await ports.sealer.seal(clientId, opened.value),
        at,
      });
      return answered(taken, takenId);
    },
  });

const inWords = (taken: { readonly contract: string; readonly category: string }) => ({
  title: contractTitle(taken.contract),
  category: categoryInWords(taken.category as Category),
});

export const takenFor = ({ staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'takenFor',
    args: z.strictObject({ clientId: z.string(), decisionId: z.uuid() }),
    by: staff,
    about: 'client',
    purpose: 'support',
    access: { event: 'read', action: 'R', activity: 'reading-received' },
    async answer({ decisionId }, { reader }) {
      const facts = await reader.taken(decisionId);
      return facts.map((fact) => ({ ...fact, ...inWords(fact), fields: fieldLines(fact.fields) }));
    },
  });

/** The client sees each item with its law and its end; what is in it she has in her own list of disclosures. */
export const takenAboutMe: AnyQuery = defineQuery({
  name: 'takenAboutMe',
  args: z.strictObject({}),
  by: herself,
  about: 'client',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'client-access' },
  answer: async (_args, { reader }) => (await reader.allTaken()).map((taken) => ({ ...taken, ...inWords(taken) })),
});
