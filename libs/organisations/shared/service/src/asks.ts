/** What an organisation asked of partners about a client, kept until it can be sent: the events, the rules, and the message that they give rise to. */
import { consentCategories, disclosure, disclosureEvents, disclosureStream, purposes } from '@convenant/consent';
import { disclosureAskedV1 } from '@convenant/contracts';
import { receivedEvents, type OutgoingFrom } from '@convenant/exchange';
import type { Reaction } from '@convenant/host';
import { accept, defineEvent, defineEvents, fold, type CatalogueEvent, type Decider } from '@convenant/kernel';
import { z } from 'zod';

const asked = {
  askId: z.string(),
  discloser: z.string(),
  purpose: z.enum(purposes),
  roles: z.array(z.string()).readonly(),
  categories: z.array(z.enum(consentCategories)).readonly(),
};
/**
 * The pseudonym stands in it, so that the message can be made from this event alone. Without one there is nobody to ask yet: it waits
 * until an introduction is linked, and whoever asked sees the same as ever.
 */
export const PartnerAsked = defineEvent('PartnerAsked', {
  clear: { ...asked, pseudonym: z.string().optional(), by: z.string(), at: z.iso.datetime() },
});
/** What waited can be sent: from now on there is a name by which both know her. */
export const WaitingAskNamed = defineEvent('WaitingAskNamed', {
  clear: { ...asked, pseudonym: z.string(), at: z.iso.datetime() },
});
export const askEvents = defineEvents(PartnerAsked, WaitingAskNamed);
export const asksStream = (clientId: string): string => `asks-${clientId}`;
export type AskEvent = CatalogueEvent<typeof askEvents>;
type Asked = Extract<AskEvent, { type: 'PartnerAsked' }>;

/** `pseudonyms`: by which name each partner knows her. */
export type AskCommand =
  | ({ readonly type: 'AskPartner' } & Omit<Asked, 'type'>)
  | { readonly type: 'NameWaiting'; readonly pseudonyms: Readonly<Record<string, string>>; readonly at: string };
/** `waits`: not sent, for want of a name. */
type AsksState = readonly (Pick<Asked, keyof typeof asked> & { readonly waits: boolean })[];

export const asks: Decider<AskCommand, AskEvent, AsksState, never> = {
  initial: [],
  evolve: (known, event) => {
    if (event.type === 'WaitingAskNamed')
      return known.map((each) => (each.askId === event.askId ? { ...each, waits: false } : each));
    const { askId, discloser, purpose, roles, categories, pseudonym } = event;
    return [...known, { askId, discloser, purpose, roles, categories, waits: pseudonym === undefined }];
  },
  decide(command, known) {
    if (command.type === 'AskPartner')
      return known.some(({ askId }) => askId === command.askId)
        ? accept()
        : accept<AskEvent>({ ...command, type: 'PartnerAsked' });
    const { pseudonyms, at } = command;
    return accept(
      ...known.flatMap(({ waits, ...ask }): AskEvent[] => {
        const pseudonym = Object.hasOwn(pseudonyms, ask.discloser) ? pseudonyms[ask.discloser] : undefined;
        return waits && pseudonym !== undefined ? [{ type: 'WaitingAskNamed', ...ask, pseudonym, at }] : [];
      }),
    );
  },
};

/** The control message that either event gives rise to. */
export const sendAsk: OutgoingFrom = async (stored) => {
  const { discloser, pseudonym, askId, purpose, roles, categories } = askEvents.decode(stored);
  if (pseudonym === undefined) return [];
  return [
    { recipient: discloser, pseudonym, contract: disclosureAskedV1, data: { askId, purpose, roles, categories } },
  ];
};

/**
 * Sends what waits, whenever a name may have come to be known on both sides; and after an ask, in case one did while it was being recorded.
 * Nobody's page shows it: that would tell who knows her.
 */
export const sendWaitingAsks: Reaction = {
  name: 'send-waiting-asks',
  on: ['PartnerAsked', 'IntroductionLinked', 'PseudonymLearned', 'IntroductionAnswered'],
  async react(stored, context) {
    const { client } = stored.meta;
    if (client === undefined) return;
    const { pseudonyms } = fold(disclosure, await context.history(disclosureEvents, disclosureStream(client)));
    const linked = Object.entries(pseudonyms).flatMap(([partner, name]) =>
      name.linked === true ? [[partner, name.pseudonym] as const] : [],
    );
    const event = receivedEvents.knows(stored.type) ? receivedEvents.decode(stored) : undefined;
    const named = {
      // Linked under the partner's name for her, while our own is not answered yet.
      ...(event?.type === 'IntroductionLinked' ? { [event.discloser]: event.pseudonym } : {}),
      ...Object.fromEntries(linked),
    };
    await context.run(askEvents, asks, asksStream(client), { type: 'NameWaiting', pseudonyms: named, at: context.at });
  },
};
