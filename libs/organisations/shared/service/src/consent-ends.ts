/** What the clock ends: consents and pauses that ran out here, and scopes that partners' consents no longer cover. */
import { disclosure, disclosureEvents, disclosureStream, type DisclosureEvent } from '@convenant/consent';
import { registeredConsentEnds } from '@convenant/exchange';
import { failureFacts, type SystemContext } from '@convenant/host';
import { clearColumn, isAfter, type View } from '@convenant/kernel';

interface ConsentEndRow {
  readonly clientId: string;
  readonly until: string;
  readonly pausedUntil?: string | undefined;
}
const dueAt = ({ until, pausedUntil }: ConsentEndRow): string =>
  pausedUntil !== undefined && isAfter(until, pausedUntil) ? pausedUntil : until;

/** Consents that stand or are paused, the one that ends first in front. Only tells where to look: the client's own stream decides. */
export const consentEnds: View<DisclosureEvent, ConsentEndRow> = {
  name: 'consent_ends',
  version: 1,
  columns: { clientId: clearColumn('own'), until: clearColumn('own'), pausedUntil: clearColumn('own') },
  keys(event) {
    switch (event.type) {
      case 'ConsentGiven':
      case 'ConsentPaused':
      case 'ConsentResumed':
      case 'ConsentWithdrawn':
      case 'ConsentExpired':
      case 'ConsentSuperseded':
        return [event.consentId];
      default:
        return [];
    }
  },
  apply(row, event, _key, stored) {
    switch (event.type) {
      case 'ConsentGiven':
        return stored.meta.client === undefined ? row : { clientId: stored.meta.client, until: event.until };
      case 'ConsentPaused':
        return row && { ...row, pausedUntil: event.until };
      case 'ConsentResumed':
        return row && { clientId: row.clientId, until: row.until };
      default:
        return undefined;
    }
  },
  indexes: () => ({ all: 'open' }),
  sort: dueAt,
};

/** How many are looked at in one go; the next tick goes on. */
const limit = 500;

export async function endConsents(context: SystemContext): Promise<void> {
  const rows = await context.views.find(consentEnds, 'all', 'open', { limit });
  const due = rows.filter(({ row }) => !isAfter(dueAt(row), context.at));
  for (const client of new Set(due.map(({ row }) => row.clientId)))
    await context
      .run(disclosureEvents, disclosure, disclosureStream(client), { type: 'Expire', now: context.at }, { client })
      // One that cannot be ended must not keep the others from ending.
      .catch((error: unknown) => context.ports.operatorLog.note('error', 'consent-not-ended', failureFacts(error)));
}

/** By our own clock, without a message: an expiry that needs to be told could be kept back. */
export async function closeExpiredScopes(context: SystemContext): Promise<void> {
  const rows = await context.views.find(registeredConsentEnds, 'all', 'open', { limit });
  const due = rows.filter(({ row }) => !isAfter(row.until, context.at));
  const lanes = new Map(
    due.map(({ row: { partner, pseudonym } }) => [`${partner} ${pseudonym}`, { partner, pseudonym }]),
  );
  for (const { partner, pseudonym } of lanes.values())
    await context.inbox
      .closeExpired(partner, pseudonym)
      .catch((error: unknown) => context.ports.operatorLog.note('error', 'scope-not-closed', failureFacts(error)));
}
