/** Destroying the keys of a closed scope: done first, said on the stream afterwards, and taken up again after a crash in between. */
import { run, type Checkpoints, type Clock, type EventMeta, type EventStore, type Ids } from '@convenant/kernel';
import type { ScopeKeys } from './ports.js';
import { receivedEvents, receivedStream, type ReceivedEvent } from './received-events.js';
import { received } from './received.js';

export interface DestructionPorts {
  readonly store: EventStore;
  readonly scopeKeys: ScopeKeys;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly checkpoints: Checkpoints;
}

/** Destroys what every closing so far calls for. May be repeated; changes nothing when all of it was done. */
export async function destroyClosedKeys(
  partner: string,
  pseudonym: string,
  meta: Pick<EventMeta, 'actor' | 'traceparent'>,
  ports: DestructionPorts,
): Promise<void> {
  const { store, scopeKeys, ids, clock, checkpoints } = ports;
  const stream = receivedStream(partner, pseudonym);
  const history = (await store.read(stream)).map((event) => receivedEvents.decode(event) as ReceivedEvent);
  const done = new Set(history.flatMap((event) => (event.type === 'ScopeKeysDestroyed' ? event.keyIds : [])));
  for (const closing of history) {
    if (closing.type !== 'ScopeClosed' || closing.keyIds.every((keyId) => done.has(keyId))) continue;
    const { consentId, version, keyIds, at: closedAt, clientId } = closing;
    checkpoints.pass('inbox: before key destruction');
    await scopeKeys.destroy(keyIds);
    checkpoints.pass('inbox: after key destruction');
    const at = clock.now();
    await run(
      store,
      stream,
      receivedEvents,
      received,
      { type: 'NoteKeysDestroyed', discloser: partner, pseudonym, consentId, version, keyIds, closedAt, at },
      {
        ids,
        meta: {
          ...meta,
          at,
          cause: `destroyed:${consentId}:${version}:${keyIds.join(' ')}`,
          ...(clientId ? { client: clientId } : {}),
        },
      },
    );
  }
}
