/** The client reads exactly what was told about her, what was stopped, what was kept back and why, and what was told outside the system. */
import { disclosureEvents, disclosureStream, type DisclosureEvent } from '@convenant/consent';
import { defineQuery, type AnyQuery, type QueryContext } from '@convenant/host';
import { z } from 'zod';
import { categoriesInWords, contractTitle, describeWithheld, fieldLines, purposeInWords } from './in-words.js';
import { herself } from './shared-options.js';

type Of<Type extends DisclosureEvent['type']> = Extract<DisclosureEvent, { type: Type }>;
const ofType =
  <Type extends DisclosureEvent['type']>(type: Type) =>
  (event: DisclosureEvent): event is Of<Type> =>
    event.type === type;

export const myDisclosures: AnyQuery = defineQuery({
  name: 'myDisclosures',
  args: z.strictObject({}),
  by: herself,
  about: 'client',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'client-access' },
  async answer(_args, context) {
    const history = await context.history(disclosureEvents, disclosureStream(context.client));
    const stops = new Map(history.filter(ofType('Stopped')).map((event) => [event.messageId, event.reason]));
    const all = await Promise.all(history.filter(ofType('Disclosed')).map((event) => sentLine(event, context)));
    return {
      sent: all.filter(({ messageId }) => !stops.has(messageId)),
      stopped: all.flatMap((line) => {
        const reason = stops.get(line.messageId);
        return reason === undefined ? [] : [{ ...line, stoppedBecause: describeWithheld(reason) }];
      }),
      withheld: history.filter(ofType('Withheld')).map(({ at, recipient, purpose, contract, categories, reason }) => ({
        at,
        recipient,
        purpose,
        contract,
        title: contractTitle(contract),
        categories: categoriesInWords(categories),
        reason: describeWithheld(reason),
      })),
      toldOutside: history
        .filter(ofType('ToldOutsideTheSystem'))
        .map(({ toldId, at, medium, recipient, roles, purpose, categories, covered }) => ({
          toldId,
          at,
          medium,
          recipient,
          roles,
          purpose,
          categories: categoriesInWords(categories),
          covered,
        })),
    };
  },
});

async function sentLine(event: Of<'Disclosed'>, { reader }: QueryContext) {
  const { messageId, at, recipient, purpose, contract, asOf, consentId, consentVersion, categories } = event;
  // One by one, so that the log names the categories that were in it.
  const [content] = await Promise.all(categories.map((category) => reader.open(category, event.content)));
  return {
    messageId,
    at,
    recipient,
    purpose,
    purposeInWords: purposeInWords[purpose],
    contract,
    title: contractTitle(contract),
    asOf,
    consentId,
    consentVersion,
    categories: categoriesInWords(categories),
    fields: fieldLines(content ?? {}),
  };
}
