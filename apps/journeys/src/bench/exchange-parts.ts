/** What telling one partner one fact cannot do without, each part by itself: on the same server and broker, with the same code, keys and bytes. */
import { randomUUID } from 'node:crypto';
import { disclosureEvents, disclosureStream, type DisclosureEvent } from '@convenant/consent';
import type { RunningKafka } from '@convenant/engines';
import type { OpenedPostgres } from '@convenant/event-store-postgres';
import { receivedFacts, type ReceivedFactRow } from '@convenant/exchange';
import { KafkaTransport } from '@convenant/exchange-kafka';
import type { NewEvent, Position, RowChange, Sealed, StoredEvent } from '@convenant/kernel';
import type { LaunchedOrganisation } from '@convenant/launch';
import { profileStream } from '@convenant/mental-health-domain';
import type { Run } from './benchmark.js';
import { costMs, within } from './measuring.js';
import type { SharedClient } from './shared-client.js';
import type { LookedInto } from './partner-beside.js';

export const parts = [
  'append at the source (the fact)',
  'append at the source (the disclosure)',
  'open what the source keeps sealed',
  'seal (to the scope key, and the copy that the source keeps)',
  'sign',
  'send (produce)',
  'receive (consume)',
  'verify',
  'append at the recipient',
  'save the view',
] as const;
export type Part = (typeof parts)[number];
/** What comes before the message and after it is in: the rest is what any exchange of signed and sealed messages between two logs has to do. */
export const besideTheMessage: readonly Part[] = ['append at the source (the fact)', 'save the view'];

const patienceMs = 120_000;
/** Messages that nobody counts, each under a key of its own. */
const warmingUp = 200;

type Disclosed = Extract<DisclosureEvent, { type: 'Disclosed' }>;

/** What was told about one client before: the events and the message themselves are what the parts are measured with. */
interface Example {
  readonly fact: StoredEvent;
  readonly disclosed: StoredEvent;
  readonly received: StoredEvent;
  readonly row: ReceivedFactRow;
  readonly signed: string;
  readonly publicKey: string;
  readonly keyId: string;
  readonly content: unknown;
}

export class ExchangeParts {
  #position: Position | undefined;
  #topicsRead = 0;

  private constructor(
    private readonly run: Run,
    private readonly kafka: KafkaTransport,
    private readonly recipients: readonly string[],
    private readonly database: OpenedPostgres,
    private readonly agency: LaunchedOrganisation,
    private readonly partner: LookedInto,
    private readonly example: Example,
  ) {}

  /** `recipients`: topics of nobody, one for each time that the parts are measured. `signed` is a message of the agency to the partner. */
  static async prepare(
    run: Run,
    { brokers }: RunningKafka,
    recipients: readonly string[],
    database: OpenedPostgres,
    agency: LaunchedOrganisation,
    partner: LookedInto,
    client: SharedClient,
    signed: string,
  ): Promise<ExchangeParts> {
    let keys = 0;
    const transport = new KafkaTransport({
      connection: { brokers },
      // Every message a lane of its own: nothing waits for its predecessor.
      placeOf: () => ({ key: String(keys++), urgent: false }),
    });
    run.onStop(() => transport.close());
    const example = await exampleOf(agency, partner, client, signed);
    return new ExchangeParts(run, transport, recipients, database, agency, partner, example);
  }

  /** Milliseconds of each part, with so many at once. */
  async measure(count: number, atOnce: number, rowsPerSave: number): Promise<Record<Part, number>> {
    const { fact, disclosed, received, signed, publicKey, keyId, content } = this.example;
    const { agency, partner, run } = this;
    const cost = (work: (index: number) => Promise<unknown>): Promise<number> =>
      costMs(count, atOnce, work, run.signal);
    const payload = await partner.ports.signer.verify(signed, agency.organisation.id);
    if (payload === undefined) throw new Error('The example message does not verify.');
    const recipient = this.recipients[this.#topicsRead++] ?? '';
    // Connecting is no part of sending, and neither is what the broker does at the first message of each partition.
    await Promise.all(Array.from({ length: warmingUp }, () => this.kafka.send(recipient, signed)));
    return {
      'append at the source (the fact)': await cost(() => this.#append(fact)),
      'append at the source (the disclosure)': await cost(() => this.#append(disclosed)),
      'open what the source keeps sealed': await cost(() =>
        Promise.all(Object.values(fact.sealed).map((one) => agency.ports.sealer.open(one as Sealed<unknown>))),
      ),
      'seal (to the scope key, and the copy that the source keeps)': await cost(() =>
        Promise.all([
          agency.ports.scopeKeys.seal(publicKey, keyId, content),
          agency.ports.sealer.seal(fact.meta.client ?? '', content),
        ]),
      ),
      sign: await cost(() => agency.ports.signer.sign(payload)),
      'send (produce)': await cost(() => this.kafka.send(recipient, signed)),
      'receive (consume)': await this.#receive(recipient, count + warmingUp),
      verify: await cost(() => partner.ports.signer.verify(signed, agency.organisation.id)),
      'append at the recipient': await cost(() => this.#append(received)),
      'save the view': await this.#saveRows(count, rowsPerSave),
    };
  }

  #append({ type, version, data, sealed, meta }: StoredEvent): Promise<unknown> {
    const event: NewEvent = { id: randomUUID(), type, version, data, sealed, meta };
    return this.database.events.append(`part-${randomUUID()}`, 0, [event]);
  }

  /** From the first that was handled to the last: joining the group is no part of it. */
  async #receive(recipient: string, count: number): Promise<number> {
    const { promise: all, resolve } = Promise.withResolvers<void>();
    let handled = 0;
    let first = 0;
    const stop = this.kafka.subscribe(recipient, () => {
      if (handled++ === 0) first = performance.now();
      if (handled === count) resolve();
      return Promise.resolve();
    });
    await within(patienceMs, 'What was sent to nobody is not received again.', all);
    const taken = performance.now() - first;
    stop();
    return taken / Math.max(1, count - 1);
  }

  /** One save after another, as a view does it, each with as many rows as were saved at once in the exchange. */
  async #saveRows(count: number, rowsPerSave: number): Promise<number> {
    const saves = Math.ceil(count / rowsPerSave);
    const view = { name: receivedFacts.name, version: receivedFacts.version };
    const from = performance.now();
    for (let save = 0; save < saves; save++) {
      const next = `1.${Date.now()}.${save}.${randomUUID()}` as Position;
      const changes = Array.from({ length: rowsPerSave }, () => this.#rowChange());
      if (!(await this.database.views.save(view, this.#position, next, changes)))
        throw new Error('Somebody else saved the view of the benchmark.');
      this.#position = next;
    }
    return (performance.now() - from) / (saves * rowsPerSave);
  }

  #rowChange(): RowChange {
    const { row } = this.example;
    const key = randomUUID();
    return {
      kind: 'put',
      key,
      row: { ...row },
      indexes: receivedFacts.indexes?.({ ...row, clientId: key }, key) ?? {},
      sort: receivedFacts.sort?.(row) ?? '',
    };
  }
}

async function exampleOf(
  agency: LaunchedOrganisation,
  partner: LookedInto,
  { clientId, knownAs }: SharedClient,
  signed: string,
): Promise<Example> {
  const fact = (await agency.ports.store.read(profileStream(clientId))).at(-1);
  const disclosures = await agency.ports.store.read(disclosureStream(clientId));
  const disclosed = disclosures.findLast(({ type }) => type === 'Disclosed');
  const view = { name: receivedFacts.name, version: receivedFacts.version };
  const rows = await partner.ports.views.find(view, 'client', knownAs[partner.id] ?? '');
  const row = rows[0]?.row as unknown as ReceivedFactRow | undefined;
  if (!fact || !disclosed || !row) throw new Error('Nothing was told about the example client.');
  const { content, parts: told, recipient } = disclosureEvents.decode(disclosed) as Disclosed;
  const learned = disclosures
    .map((event) => disclosureEvents.decode(event))
    .flatMap((event) => (event.type === 'ScopeKeysLearned' && event.recipient === recipient ? event.keys : []));
  const publicKey = learned.find(({ keyId }) => keyId === told[0]?.keyId)?.publicKey;
  const opened = content && (await agency.ports.sealer.open(content));
  const [received] = (await partner.ports.store.readAll(undefined, 100_000)).filter(
    ({ type, data }) => type === 'DisclosureReceived' && data['messageId'] === row.messageId,
  );
  if (!received || !publicKey || !opened || typeof opened === 'string')
    throw new Error('What was told about the example client cannot be found again.');
  return { fact, disclosed, received, row, signed, publicKey, keyId: told[0]?.keyId ?? '', content: opened.value };
}
