/** Who looked at an introduction before it was known whose it is: once it is linked, the client finds them in her own list. */
import type { LoggedRecord } from '@convenant/access-log';
import { receivedEvents, receivedStream } from '@convenant/exchange';
import type { CommandContext } from '@convenant/host';
import { everyPage } from './oversee.js';

/** May be repeated: a look that she can find already is not written down again. */
export async function tellHerWhoLooked(partner: string, pseudonym: string, context: CommandContext): Promise<void> {
  const { client, ports } = context;
  const events = await context.history(receivedEvents, receivedStream(partner, pseudonym));
  const from = events.find((event) => event.type === 'IntroductionReceived')?.at;
  if (from === undefined) return;
  const asked = await ports.sealer.lookupDigest(pseudonym);
  const looks = (await everyPage((page) => ports.accessLog.during(page), from)).filter(
    (record) => record.operation === 'introductionsToLink' && record.outcome === 0 && record.askedFor === asked,
  );
  const told = await everyPage((page) => ports.accessLog.about(client, page), from);
  const isTold = ({ at, user }: LoggedRecord): boolean =>
    told.some((each) => each.object === pseudonym && each.at === at && each.user.person === user.person);
  await ports.accessLog.write(
    looks
      .filter((look) => !isTold(look))
      .map(
        ({
          at,
          startedAt,
          event,
          action,
          outcome,
          operation,
          user,
          purpose,
          policyVersion,
          categories,
          trace,
          activity,
        }) => ({
          at,
          startedAt,
          event,
          action,
          outcome,
          operation,
          user,
          client,
          object: pseudonym,
          purpose,
          policyVersion,
          consents: [],
          relation: 'task',
          categories,
          trace,
          activity,
        }),
      ),
  );
}
