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
    command.type === 'LearnPseudonym' && Object.hasOwn(state.pseudonyms, command.recipient) ? { accepted: [] } : disclosure.decide(command, state),
};

/** From now on the partner's pseudonym leads to this client, and what we tell that partner about her goes under it. May be repeated. */
export async function rememberName({ partner, pseudonym, clientId, at }: Named, meta: EventMeta, { store, ids }: { store: EventStore; ids: Ids }): Promise<void> {
  const options = { ids, meta: { ...meta, client: clientId } };
  await run(store, clientNameStream(partner, pseudonym), clientNameEvents, clientName, { partner, pseudonym, clientId, at }, options);
  await run(store, disclosureStream(clientId), disclosureEvents, learnUnlessNamed, { type: 'LearnPseudonym', recipient: partner, pseudonym, at }, options);
}
