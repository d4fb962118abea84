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

export const transportThrough = (run: Run, { brokers }: Pick<RunningKafka, 'brokers'>): KafkaTransport => {
  const transport = new KafkaTransport({
    connection: { brokers },
    note: (level, code) => {
      if (level !== 'info') run.note(code);
    },
  });
  run.onStop(() => transport.close());
  return transport;
};

/** Where an organisation keeps its keys and its data. */
export interface Place {
  readonly folder: string;
  readonly database: OrganisationDatabase;
}

/** A folder and a database for each, with the keys of all others pinned. */
export async function makePlaces(
  run: Run,
  described: readonly Described[],
  postgres: RunningPostgres,
): Promise<ReadonlyMap<string, Place>> {
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
  const places = new Map<string, Place>();
  for (const { id } of described) {
    const database = databases[id];
    if (!database) throw new Error(`${id} has no database.`);
    const place = { folder: join(folder, id), database };
    await PinnedPartners.pin(
      pinnedFile(place.folder),
      partners.filter((each) => each.id !== id),
    );
    places.set(id, place);
  }
  return places;
}

/** In this process; stops with the run. */
export async function startHere(
  run: Run,
  { id, definition, poolSize, service, before }: Described,
  { folder, database }: Place,
  transport: Transport,
): Promise<LaunchedOrganisation> {
  await before?.(folder, database);
  run.progress(`starting ${id}`);
  const one = await launchOrganisation(definition, {
    organisation: { id, kind: definition.kind },
    folder,
    database,
    host: '127.0.0.1',
    port: 0,
    tokens: new NobodySignsIn(),
    gatewaySecret: new Uint8Array(randomBytes(32)),
    transport,
    operatorLog: new LinesLog(id, (line) => run.note(line)),
    ...(poolSize === undefined ? {} : { poolSize }),
    ...(service === undefined ? {} : { service }),
  });
  run.onStop(() => one.stop());
  return one;
}

/** All of them in this process, one after the other. */
export async function startOrganisations(
  run: Run,
  described: readonly Described[],
  postgres: RunningPostgres,
  transportOf: (id: string) => Transport,
): Promise<LaunchedOrganisation[]> {
  const places = await makePlaces(run, described, postgres);
  const launched: LaunchedOrganisation[] = [];
  for (const one of described)
    launched.push(await startHere(run, one, places.get(one.id) as Place, transportOf(one.id)));
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
