/** A small world for tests: several organisations on memory, one clock that the test holds, and a network that delivers at once. */
import { createHash } from 'node:crypto';
import { createAccessLog, MemoryAccessLogStore, MemoryHeadAnchor } from '@convenant/access-log';
import { policy as policyInForce, type Policy, type Role } from '@convenant/consent';
import { MemoryEventStore, MemoryExchangeLedger, MemoryViewStore } from '@convenant/event-store-memory';
import { defaultLaneSettings, type Partner, type Transport } from '@convenant/exchange';
import { VirtualTime } from '@convenant/exchange-contract';
import { DirectTransport } from '@convenant/exchange-direct';
import { DeterministicScopeKeys, DeterministicSealer, DeterministicSigner } from '@convenant/exchange-sealing';
import {
  AnswerRefused,
  runService,
  type Outcome,
  type Ports,
  type Refused,
  type Request,
  type RunningService,
  type ServiceDefinition,
  type ServiceSettings,
} from '@convenant/host';
import {
  noCheckpoints,
  noTelemetry,
  type Checkpoints,
  type Clock,
  type Ids,
  type Position,
  type Random,
  type Telemetry,
} from '@convenant/kernel';

export interface WorldOptions {
  readonly organisations: Readonly<Record<string, ServiceDefinition>>;
  readonly policy?: Policy;
  /** The first moment. */
  readonly startsAt?: string;
  /** Another seed gives other ids and secrets. */
  readonly seed?: string;
  /** Puts something between the organisations and the network: a wire that loses or holds messages. */
  readonly wire?: (direct: Transport, time: VirtualTime) => Transport;
  /** Where a process can be stopped; nothing happens there by default. */
  readonly checkpoints?: (organisation: string) => Checkpoints;
  /** What measures and follows an organisation; nothing does by default. */
  readonly telemetry?: (organisation: string) => Telemetry;
}

/** Somebody at one organisation. What she does and asks is followed by everything that comes of it, in the whole world. */
export interface PersonInWorld {
  readonly person: string;
  readonly role: Role;
  /** Carries out a command; a request id is made up unless one is given. */
  does(command: string, input?: Readonly<Record<string, unknown>>): Promise<Outcome>;
  /** The same, for work that must succeed; throws the code when it is refused, and answers the id of what was made. */
  succeeds(command: string, input?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The answer; throws when it is refused. */
  reads<Answer = never>(query: string, args?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The refusal; throws when it is answered after all. */
  isRefused(query: string, args?: Readonly<Record<string, unknown>>): Promise<Refused>;
}

export interface OrganisationInWorld {
  readonly id: string;
  readonly service: RunningService;
  readonly ports: Ports;
  readonly accessLogStore: MemoryAccessLogStore;
  /** What operators were told. */
  readonly notes: readonly { readonly level: string; readonly code: string; readonly facts?: object | undefined }[];
  as(person: string, role: Role): PersonInWorld;
  /** Stops the process and starts it again on what was durable; `freshViews` loses every view, so that all are rebuilt. */
  restart(how?: { readonly freshViews?: boolean }): Promise<void>;
}

export interface World {
  readonly time: VirtualTime;
  now(): string;
  organisation(id: string): OrganisationInWorld;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Time goes by, and what became due is done. */
  pass(amount: { readonly days?: number; readonly milliseconds?: number }): Promise<void>;
  stop(): Promise<void>;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Nothing polls: the world itself looks after everything that is to be done, so that months pass quickly. */
const settings: ServiceSettings = {
  lanes: { ...defaultLaneSettings, firstRetryMs: 1_000, lastRetryMs: dayMs / 4 },
  waitForViewsMs: 2_000,
  pollMs: 400 * dayMs,
  deadlinesMs: 400 * dayMs,
};

export async function testWorld(options: WorldOptions): Promise<World> {
  const {
    organisations,
    policy = policyInForce,
    startsAt = '2026-11-02T09:00:00.000Z',
    seed = 'world',
    wire = (direct) => direct,
    checkpoints = () => noCheckpoints,
    telemetry = () => noTelemetry,
  } = options;
  const time = new VirtualTime();
  const clock: Clock = { now: () => new Date(Date.parse(startsAt) + time.nowMs).toISOString() };
  const transport = wire(new DirectTransport(), time);
  const everybody = Object.entries(organisations).map(([id, { kind }]): Partner => ({ id, kind }));
  const made = new Map<string, ReturnType<typeof open>>();
  const idsOf = (organisation: string) => worldIds(`${seed} ${organisation}`);
  let requests = 0;

  function open(id: string, definition: ServiceDefinition) {
    const organisation: Partner = { id, kind: definition.kind };
    const partners = everybody.filter((partner) => partner.id !== id);
    const sealer = new DeterministicSealer({ seed: `${seed} ${id}` });
    const signer = new DeterministicSigner({ seed, organisation: id });
    const ids = idsOf(id);
    const accessLogStore = new MemoryAccessLogStore();
    const notes: { level: string; code: string; facts?: object | undefined }[] = [];
    const ports: Ports = {
      store: new MemoryEventStore(),
      views: new MemoryViewStore(),
      ledger: new MemoryExchangeLedger(),
      transport,
      signer,
      scopeKeys: new DeterministicScopeKeys({ seed: `${seed} ${id}` }),
      sealer,
      partners: { all: () => partners, find: (wanted) => partners.find((partner) => partner.id === wanted) },
      accessLog: createAccessLog({
        source: { organisation: id, system: definition.kind },
        store: accessLogStore,
        anchor: new MemoryHeadAnchor(),
        signer: { sign: (text) => signer.sign(text), verify: (signed) => signer.verify(signed, id) },
        sealer,
        hash: digest,
        clock,
        ids,
      }),
      clock,
      scheduler: time,
      random: worldRandom(`${seed} ${id}`),
      ids,
      checkpoints: checkpoints(id),
      operatorLog: { note: (level, code, facts) => void notes.push({ level, code, facts }) },
      telemetry: telemetry(id),
    };
    const running = { ports, service: runService(definition, organisation, policy, ports, settings) };
    running.service.start();
    const inWorld: OrganisationInWorld = {
      id,
      get service() {
        return running.service;
      },
      get ports() {
        return running.ports;
      },
      accessLogStore,
      notes,
      as: (person, role) => personIn(inWorld, person, role),
      async restart({ freshViews = false } = {}) {
        await running.service.stop();
        if (freshViews) running.ports = { ...running.ports, views: new MemoryViewStore() };
        running.service = runService(definition, organisation, policy, running.ports, settings);
        running.service.start();
        await settle();
      },
    };
    return inWorld;
  }

  function personIn(organisation: OrganisationInWorld, person: string, role: Role): PersonInWorld {
    let seen: Position | undefined;
    const request = (): Request => ({
      session: { organisation: organisation.id, person, role, tokenExpiresAt: '2099-01-01T00:00:00.000Z' },
      trace: { traceId: digest(`trace ${++requests}`).slice(0, 32), spanId: digest(`span ${requests}`).slice(0, 16) },
      ...(seen === undefined ? {} : { after: seen }),
    });
    const does: PersonInWorld['does'] = async (command, input = {}) => {
      const requestId = uuidOf(`${seed} request ${++requests}`);
      const outcome = await organisation.service.execute(command, { requestId, ...input }, request());
      seen = outcome.position ?? seen;
      await settle();
      return outcome;
    };
    return {
      person,
      role,
      does,
      async succeeds(command, input) {
        const { id = '', refused } = await does(command, input);
        if (refused) throw new Error(`${command} was refused: ${refused.code} (${refused.en})`);
        return id;
      },
      async reads<Answer>(query: string, args: Readonly<Record<string, unknown>> = {}) {
        const answer = await organisation.service.ask(query, args, request());
        await settle();
        return answer as Answer;
      },
      async isRefused(query, args = {}) {
        try {
          await organisation.service.ask(query, args, request());
        } catch (error) {
          if (error instanceof AnswerRefused) return error.refused;
          throw error;
        }
        throw new Error(`${query} was answered.`);
      },
    };
  }

  const heads = async (): Promise<string> =>
    (await Promise.all([...made.values()].map(({ ports }) => ports.store.head()))).map(String).join(' ');
  const untilQuiet = async (): Promise<void> => {
    for (let before = '', after = await heads(); before !== after;) {
      before = after;
      await time.pass(0);
      await Promise.all([...made.values()].map(({ service }) => service.settle()));
      after = await heads();
    }
  };
  /** Quiet, and still so after everything that waits was handed over once more: what was waiting for a link may go now. */
  async function settle(): Promise<void> {
    for (let before = '', after = 'first'; before !== after;) {
      await untilQuiet();
      before = await heads();
      await Promise.all([...made.values()].map(({ service }) => service.resend()));
      await untilQuiet();
      after = await heads();
    }
  }

  for (const [id, definition] of Object.entries(organisations)) made.set(id, open(id, definition));
  await settle();
  return {
    time,
    now: () => clock.now(),
    organisation(id) {
      const found = made.get(id);
      if (!found) throw new Error(`There is no ${id} in this world.`);
      return found;
    },
    settle,
    async pass({ days = 0, milliseconds = 0 }) {
      await time.pass(days * dayMs + milliseconds);
      for (const { service } of made.values()) await service.tick();
      await settle();
    },
    async stop() {
      await Promise.all([...made.values()].map(({ service }) => service.stop()));
      await transport.close();
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
/** In the form of a UUID of version 4, so that whatever asks for one takes it. */
const uuidOf = (text: string): string => {
  const hex = digest(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The same world makes the same ids. */
export function worldIds(seed: string): Ids {
  let count = 0;
  return { fresh: () => uuidOf(`${seed} fresh ${++count}`), derive: (...parts) => uuidOf(JSON.stringify(parts)) };
}
export function worldRandom(seed: string): Random {
  let count = 0;
  return {
    number: () => Number.parseInt(digest(`${seed} number ${++count}`).slice(0, 12), 16) / 2 ** 48,
    secret: () => digest(`${seed} secret ${++count}`),
  };
}
