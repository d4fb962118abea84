/** Organisations in this process on real parts: PostgreSQL, keys in files, real sealing and signatures, and a real Kafka between them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningKafka, RunningPostgres } from '@convenant/engines';
import type { Role } from '@convenant/consent';
import type { OrganisationDatabase } from '@convenant/event-store-postgres';
import type { Transport } from '@convenant/exchange';
import { applyTopology, expandTopology, KafkaTransport, topologySchema } from '@convenant/exchange-kafka';
import { traceOf, type Outcome, type Request, type ServiceDefinition, type ServiceSettings } from '@convenant/host';
import { TokenVerifier, type TokenRefusal } from '@convenant/identity';
import {
  launchOrganisation,
  LinesLog,
  openKeys,
  pinnedFile,
  PinnedPartners,
  type LaunchedOrganisation,
} from '@convenant/launch';
import type { Run } from './benchmark.js';

export interface Described {
  readonly id: string;
  readonly definition: ServiceDefinition;
  /** Connections to its database; what a deployed service has when left out. */
  readonly poolSize?: number;
  readonly service?: ServiceSettings;
  /** Called before it starts, on its own folder and its empty database. */
  readonly before?: (folder: string, database: OrganisationDatabase) => Promise<void>;
}

const root = join(import.meta.dirname, '../../../..');

/** Topics for these names, as they are declared for organisations, on the one broker that there is. */
export async function makeTopics({ brokers }: RunningKafka, names: readonly string[]): Promise<void> {
  const declared = topologySchema.parse(JSON.parse(readFileSync(join(root, 'infra/kafka/topics.json'), 'utf8')));
  const organisations = names.map((id) => ({ id, principal: `User:${id}`, receivesFrom: [] }));
  const expected = expandTopology({ ...declared, organisations }, { replicas: 1 });
  // Whoever connects to the open listener may do everything, so there are no rights to declare.
  await applyTopology({ brokers }, { ...expected, rights: [] }, { topicPrefix: declared.topicPrefix });
}

export const transportThrough = (run: Run, { brokers }: RunningKafka): KafkaTransport => {
  const transport = new KafkaTransport({
    connection: { brokers },
    note: (level, code) => {
      if (level === 'error') run.note(code);
    },
  });
  run.onStop(() => transport.close());
  return transport;
};

/** Each in its own folder, with the keys of all others pinned; all of it stops with the run. */
export async function startOrganisations(
  run: Run,
  described: readonly Described[],
  postgres: RunningPostgres,
  transportOf: (id: string) => Transport,
): Promise<LaunchedOrganisation[]> {
  const folder = await run.folder();
  const partners = await Promise.all(
    described.map(async ({ id, definition: { kind } }) => {
      await mkdir(join(folder, id), { mode: 0o700 });
      return { id, kind, keys: (await openKeys(join(folder, id), id)).published };
    }),
  );
  const databases = await run.databases(
    postgres,
    described.map(({ id }) => id),
  );
  const launched: LaunchedOrganisation[] = [];
  for (const { id, definition, poolSize, service, before } of described) {
    const database = databases[id];
    if (!database) throw new Error(`${id} has no database.`);
    const others = partners.filter((each) => each.id !== id);
    await PinnedPartners.pin(pinnedFile(join(folder, id)), others);
    await before?.(join(folder, id), database);
    run.progress(`starting ${id}`);
    const one = await launchOrganisation(definition, {
      organisation: { id, kind: definition.kind },
      folder: join(folder, id),
      database,
      host: '127.0.0.1',
      port: 0,
      tokens: new NobodySignsIn(),
      gatewaySecret: new Uint8Array(randomBytes(32)),
      transport: transportOf(id),
      operatorLog: new LinesLog(id, (line) => run.note(line)),
      ...(poolSize === undefined ? {} : { poolSize }),
      ...(service === undefined ? {} : { service }),
    });
    run.onStop(() => one.stop());
    launched.push(one);
  }
  return launched;
}

/** People are given to the service as sessions; nobody comes in over HTTP. */
class NobodySignsIn extends TokenVerifier {
  verify(): Promise<TokenRefusal> {
    return Promise.resolve({ refused: 'missing' });
  }
}

/** Somebody at one organisation, signed in, without the gateway in between. */
export class Colleague {
  constructor(
    readonly organisation: LaunchedOrganisation,
    readonly person: string,
    readonly role: Role,
  ) {}

  /** For work that must succeed. */
  async does(command: string, input: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const { service } = this.organisation;
    const outcome = await service.execute(command, { requestId: randomUUID(), ...input }, this.request());
    if (outcome.refused) throw new Error(`${command} was refused: ${outcome.refused.code}.`);
    return outcome;
  }
  asks(query: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.organisation.service.ask(query, args, this.request());
  }

  private request(): Request {
    const { organisation, ports } = this.organisation;
    const { person, role } = this;
    return {
      session: { organisation: organisation.id, person, role, tokenExpiresAt: '2099-01-01T00:00:00.000Z' },
      trace: traceOf(undefined, ports.ids),
    };
  }
}

/** A synthetic person; the same number makes the same one. */
export const synthetic = (number: number) => ({
  initials: 'P.R.',
  familyName: `Proef${[...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`,
  dateOfBirth: `19${String(60 + (number % 40)).padStart(2, '0')}-0${1 + (number % 9)}-1${number % 10}`,
});
