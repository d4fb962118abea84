/** Linking an introduction to an own client: decided on the received stream, and then known wherever the pseudonym is looked up. */
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import { run, type EventMeta, type EventStore, type Ids } from '@convenant/kernel';
import { clientName, clientNameEvents, clientNameStream } from './client-names.js';

interface Named {
  readonly partner: string;
  readonly pseudonym: string;
  readonly clientId: string;
  readonly at: string;
}

/** A name of our own for her stays: both are then good, each for what its maker says. */
const learnUnlessNamed: typeof disclosure = {
  ...disclosure,
  decide: (command, state) =>
    command.type === 'LearnPseudonym' && Object.hasOwn(state.pseudonyms, command.recipient)
      ? { accepted: [] }
      : disclosure.decide(command, state),
};

/** From now on this pseudonym, between us and that partner, leads to this client. May be repeated. */
export async function assignPseudonym(
  named: Named,
  meta: EventMeta,
  { store, ids }: { store: EventStore; ids: Ids },
): Promise<void> {
  const { partner, pseudonym, clientId } = named;
  await run(store, clientNameStream(partner, pseudonym), clientNameEvents, clientName, named, {
    ids,
    meta: { ...meta, client: clientId },
  });
}

/** The partner's pseudonym leads to this client, and what we tell that partner about her goes under it. May be repeated. */
export async function rememberName(
  named: Named,
  meta: EventMeta,
  ports: { store: EventStore; ids: Ids },
): Promise<void> {
  const { partner, pseudonym, clientId, at } = named;
  await assignPseudonym(named, meta, ports);
  const command = { type: 'LearnPseudonym', recipient: partner, pseudonym, at } as const;
  await run(ports.store, disclosureStream(clientId), disclosureEvents, learnUnlessNamed, command, {
    ids: ports.ids,
    meta: { ...meta, client: clientId },
  });
}
