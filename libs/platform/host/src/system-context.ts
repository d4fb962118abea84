/** What handlers, reactions and deadlines work with: the rules' only way to write, with time, cause and trace filled in. */
import type { Policy } from '@convenant/consent';
import type { Inbox, Partner } from '@convenant/exchange';
import { comparePositions, run, type EventCatalogue, type EventMeta, type Position } from '@convenant/kernel';
import type { Ports, SystemContext } from './definition.js';
import type { ViewReader } from './view-runner.js';

/** What came of it: how far the log has to be read to see it, and about whom something was written. */
export interface Reached {
  position: Position | undefined;
  readonly clients: Set<string>;
}
export interface OnBehalfOf {
  readonly client?: string;
  readonly actor?: EventMeta['actor'];
  readonly traceparent?: string | undefined;
}
export type MakeSystemContext = (cause: string, about: OnBehalfOf, reached?: Reached) => SystemContext;

export interface SystemContextParts {
  readonly organisation: Partner;
  readonly policy: Policy;
  readonly ports: Ports;
  readonly views: ViewReader;
  inbox(): Inbox;
  upToDate(): Promise<void>;
}

export const systemContexts =
  ({ organisation, policy, ports, views, inbox, upToDate }: SystemContextParts): MakeSystemContext =>
  (cause, about, reached) => {
    const at = ports.clock.now();
    return {
      organisation,
      policy,
      at,
      ports,
      inbox: inbox(),
      views,
      upToDate,
      async run(catalogue, decider, stream, command, options) {
        const client = options?.client ?? about.client;
        const meta: EventMeta = {
          at,
          actor: about.actor ?? { kind: 'system', process: 'service' },
          cause: options?.cause ? `${cause}:${options.cause}` : cause,
          ...(client ? { client } : {}),
          ...(about.traceparent ? { traceparent: about.traceparent } : {}),
        };
        ports.checkpoints.pass('command: before append');
        const ran = await run(ports.store, stream, catalogue, decider, command, { ids: ports.ids, meta });
        ports.checkpoints.pass('command: after append');
        if (reached && !('refused' in ran)) {
          if (comparePositions(ran.position, reached.position) > 0) reached.position = ran.position;
          if (client && ran.accepted.length > 0) reached.clients.add(client);
        }
        return ran;
      },
      async history<Event extends { type: string }>(catalogue: EventCatalogue<Event>, stream: string) {
        return (await ports.store.read(stream)).map((event) => catalogue.decode(event));
      },
    };
  };
