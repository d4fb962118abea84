/** A recipient asks the client, through an organisation that may know her. All it ever sees is what it asked and what was granted. */
import {
  disclosure,
  disclosureEvents,
  disclosureRefusals,
  disclosureStream,
  disclosureUnder,
  purposes,
  staffRoles,
} from '@convenant/consent';
import { defineCommand, defineQuery, type AnyCommand, type AnyQuery } from '@convenant/host';
import { fold } from '@convenant/kernel';
import { z } from 'zod';
import { askEvents, asks, asksStream } from './asks.js';
import { answered } from './carried-out.js';
import { categoriesInWords } from './in-words.js';
import { categoriesInput, partnerRefusals } from './propose-consent.js';
import type { SharedOptions } from './shared-options.js';

export const askForDisclosure = ({ kind, askBy }: SharedOptions): AnyCommand =>
  defineCommand({
    name: 'askForDisclosure',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      discloser: z.string().max(100),
      roles: z.array(z.enum(staffRoles)).min(1),
      purpose: z.enum(purposes),
      categories: categoriesInput,
    }),
    by: askBy,
    about: 'client',
    access: { event: 'create', action: 'C', activity: 'consent-keeping' },
    refusals: { ...disclosureRefusals, ...partnerRefusals },
    async handle({ requestId, clientId, discloser, roles, purpose, categories }, context) {
      const { at, ports, session, organisation, policy } = context;
      const partner = ports.partners.find(discloser);
      if (!partner) return { refused: 'unknown-organisation' };
      const askId = ports.ids.derive('ask', session.person, requestId);
      // What could never be granted is not asked; the partner judges it again.
      const asked = { askId, roles, purpose, categories, at };
      const askable = disclosureUnder(policy).decide(
        { type: 'Ask', ...asked, source: partner.kind, recipient: organisation.id, recipientKind: kind },
        disclosure.initial,
      );
      if ('refused' in askable) return askable;
      const state = fold(disclosure, await context.history(disclosureEvents, disclosureStream(clientId)));
      const name = state.pseudonyms[discloser];
      // Asked is asked, whoever knows her there: a refusal would tell where she is a client, or was.
      const command = {
        type: 'AskPartner',
        ...asked,
        discloser,
        ...(name?.linked === true ? { pseudonym: name.pseudonym } : {}),
        by: session.person,
      } as const;
      return answered(await context.run(askEvents, asks, asksStream(clientId), command), askId);
    },
  });

/** Without any word of an answer: none, a refusal and a partial one must look alike. */
export const askedAbout = ({ staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name: 'askedAbout',
    args: z.strictObject({ clientId: z.string() }),
    by: staff,
    about: 'client',
    purpose: 'support',
    access: { event: 'read', action: 'R', activity: 'consent-keeping' },
    async answer({ clientId }, context) {
      const events = await context.history(askEvents, asksStream(clientId));
      const asked = events.filter((event) => event.type === 'PartnerAsked');
      return asked.map(({ askId, discloser, purpose, roles, categories, at }) => ({
        askId,
        discloser,
        purpose,
        roles,
        categories: categoriesInWords(categories),
        askedAt: at,
      }));
    },
  });
