/** Who looked: the client reads it in sentences (U20), the privacy officer answers for it and mends what stands still. */
import {
  readingsInWords,
  suspiciousAttempts as suspiciousIn,
  whoSaw as whoSawIn,
  type AccessLog,
  type LoggedRecord,
  type RecordPage,
} from '@convenant/access-log';
import { defineCommand, defineQuery, type AnyCommand, type AnyQuery } from '@convenant/host';
import { addDays, addMonths, categories } from '@convenant/kernel';
import { z } from 'zod';
import { herself } from './shared-options.js';

const officer = { by: ['privacyOfficer'], purpose: 'supervision' } as const;
const oversight = { event: 'log-read', action: 'R', activity: 'oversight' } as const;

/** All pages of a question to the log. */
export async function everyPage(
  ask: (page: RecordPage) => ReturnType<AccessLog['during']>,
  from: string,
): Promise<readonly LoggedRecord[]> {
  const limit = 1_000;
  const all: LoggedRecord[] = [];
  for (let after: RecordPage['after']; ;) {
    const page = await ask({ from, limit, after });
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < limit) return all;
    after = { at: last.at, number: last.number };
  }
}

export const myReadings: AnyQuery = defineQuery({
  name: 'myReadings',
  args: z.strictObject({ language: z.enum(['nl', 'en']).default('nl') }),
  by: herself,
  about: 'client',
  purpose: 'support',
  access: { event: 'log-read', action: 'R', activity: 'client-access' },
  async answer({ language }, { at, client, ports, session }) {
    const records = await everyPage((page) => ports.accessLog.about(client, page), addMonths(at, -12));
    return readingsInWords(records, language, {
      reader: session.role === 'representative' ? 'representative' : 'client',
    });
  },
});

export const whoSaw: AnyQuery = defineQuery({
  name: 'whoSaw',
  args: z.strictObject({ clientId: z.string(), category: z.enum(categories).optional() }),
  ...officer,
  about: 'client',
  relation: 'none',
  access: oversight,
  async answer({ clientId, category }, { at, ports }) {
    const records = await everyPage((page) => ports.accessLog.about(clientId, page), addMonths(at, -60));
    return whoSawIn(records, { client: clientId, category });
  },
});

export const suspiciousAttempts: AnyQuery = defineQuery({
  name: 'suspiciousAttempts',
  args: z.strictObject({ days: z.int().min(1).max(366).default(31) }),
  ...officer,
  about: 'organisation',
  access: oversight,
  async answer({ days }, { at, ports }) {
    return suspiciousIn(await everyPage((page) => ports.accessLog.during(page), addDays(at, -days)));
  },
});

export const parkedMessages: AnyQuery = defineQuery({
  name: 'parkedMessages',
  args: z.strictObject({}),
  ...officer,
  about: 'organisation',
  access: oversight,
  async answer(_args, { ports }) {
    const parked = await ports.ledger.parked();
    return parked.map(({ messageId, sender, type, reason, at }) => ({ messageId, sender, type, reason, at }));
  },
});

export const redriveMessage: AnyCommand = defineCommand({
  name: 'redriveMessage',
  input: z.strictObject({ requestId: z.uuid(), messageId: z.string() }),
  by: ['privacyOfficer'],
  about: 'organisation',
  access: { event: 'transfer', action: 'E', activity: 'oversight' },
  refusals: {
    'not-parked': { nl: 'Dit bericht staat niet (meer) geparkeerd.', en: 'This message is not parked (any more).' },
    'still-parked': {
      nl: 'Dit bericht kan nog steeds niet verwerkt worden.',
      en: 'This message can still not be handled.',
    },
  },
  async handle({ messageId }, context) {
    const handled = await context.inbox.redrive(messageId);
    if (handled === 'kept') return { done: { id: messageId } };
    return { refused: handled === 'not-parked' ? 'not-parked' : 'still-parked' };
  },
});
