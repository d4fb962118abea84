/** What is told while something breaks: an agency with several clients, each with a lane to UWV over Kafka, and the count of it from both logs. */
import { expect } from '@jest/globals';
import { trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { testDatabase, type DatabaseAccess } from '@convenant/event-store-postgres';
import type { LaneSettings, Transport } from '@convenant/exchange';
import {
  kafkaWorld,
  laneKey,
  type KafkaConnection,
  type KafkaTransportOptions,
  type KafkaWorld,
} from '@convenant/exchange-kafka';
import type { ServiceDefinition } from '@convenant/host';
import type { StoredEvent } from '@convenant/kernel';
import { exampleService } from '../exchange/example-services.js';
import { anna, Client, shownBy, type InStory } from '../exchange/story.js';
import { realPartners, type RealInstance, type RealPartners } from './real-partners.js';
import { whatWasKept, type Kept } from './what-was-kept.js';

export const pass = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
export async function until(enough: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end && !(await enough());) await pass(50);
  expect(await enough()).toBe(true);
}

export interface FaultStoryOptions {
  readonly clients?: number;
  /** About so much is told with each wish. */
  readonly wishBytes?: number;
  readonly uwv?: ServiceDefinition;
  readonly ggz?: ServiceDefinition;
  /** Where UWV keeps its log, for a test that ends the server; a database of its own on the server of the run when left out. */
  readonly databaseOfUwv?: DatabaseAccess;
  readonly lanes?: Partial<LaneSettings>;
  /** A municipality takes part as well, and the first client is told about there too. */
  readonly withTown?: boolean;
  /** Between an organisation and Kafka. */
  readonly around?: (transport: Transport, organisation: string) => Transport;
  readonly transportOfUwv?: Partial<KafkaTransportOptions>;
  /** Of the topics, as Kafka names them. */
  readonly topicSettings?: Readonly<Record<string, string>>;
}

export class FaultStory {
  readonly clients: Client[] = [];
  /** The same people, as UWV knows them. */
  readonly known: Client[] = [];
  town: RealInstance | undefined;
  #wishes = 0;

  private constructor(
    readonly kafka: KafkaWorld,
    readonly partners: RealPartners,
    readonly ggz: RealInstance,
    public uwv: RealInstance,
    readonly options: FaultStoryOptions,
    readonly end: () => Promise<void>,
  ) {}

  /** Both run, and every client was introduced and told about: whatever breaks from now on breaks what works. */
  static async begin(connection: KafkaConnection, options: FaultStoryOptions = {}): Promise<FaultStory> {
    const opened: (() => Promise<void>)[] = [];
    const close = async (): Promise<void> => {
      for (const each of opened.splice(0).reverse()) await each();
    };
    try {
      const databases: DatabaseAccess[] = [];
      for (let count = options.withTown ? 3 : 2; count > 0; count--) {
        const { database, drop } = await testDatabase();
        databases.push(database);
        opened.push(drop);
      }
      const [ofGgz, ofUwv, ofTown] = databases;
      if (!ofGgz || !ofUwv) throw new Error('The databases were not made.');
      const kafka = await kafkaWorld(connection, options.topicSettings);
      opened.push(() => kafka.close());
      const partners = await realPartners({
        'ggz-amstel': { definition: options.ggz ?? exampleService('mental-health'), database: ofGgz },
        uwv: { definition: options.uwv ?? exampleService('uwv'), database: options.databaseOfUwv ?? ofUwv },
        ...(ofTown && { 'gemeente-amstelveld': { definition: exampleService('municipality'), database: ofTown } }),
      });
      opened.push(() => partners.stop());
      const start = (id: string): Promise<RealInstance> => startOver(kafka, partners, id, options);
      const story = new FaultStory(kafka, partners, await start('ggz-amstel'), await start('uwv'), options, close);
      if (ofTown) story.town = await start('gemeente-amstelveld');
      await story.#introduce(options.clients ?? 8);
      return story;
    } catch (error) {
      // Nobody else knows of it yet.
      await close();
      throw error;
    }
  }

  /** Another process of UWV, or the next one after the first was stopped. */
  startUwv(): Promise<RealInstance> {
    return startOver(this.kafka, this.partners, 'uwv', this.options);
  }

  /** So many new wishes of each client, each told to UWV in her lane. */
  async tell(wishes: number, everyMs = 20, bytes = this.options.wishBytes ?? 0): Promise<void> {
    const preferences = Array.from({ length: Math.ceil(bytes / 2_000) }, () => 'x'.repeat(2_000));
    for (let count = 0; count < wishes; count++) {
      const workWish = `wish ${++this.#wishes}`;
      await Promise.all(
        this.clients.map((her) => her.note(vocationalProfileV1, { workWish, preferences, writtenOn: '2026-09-10' })),
      );
      await pass(everyMs);
    }
  }

  /** The agency has a receipt for everything: nothing waits in any lane, and nothing is to be told any more. */
  async receipted(seconds = 90): Promise<void> {
    await until(async () => {
      await this.ggz.service.settle();
      return (await this.ggz.ports.ledger.waitingLanes()).length === 0;
    }, seconds);
  }

  /** From both logs; UWV’s is read through whichever instance runs. */
  async kept(by = this.uwv): Promise<Kept> {
    return whatWasKept(await logOf(this.ggz), await logOf(by), by.id);
  }

  /**
   * Counts it all, adds it to `total`, and requires that it is whole, and that the newest is what UWV shows. `atLeast` messages were told: fewer than
   * there were wishes, as a door that is behind tells the newest alone.
   */
  async expectWhole(total: { lost: number; duplicated: number }, atLeast: number): Promise<void> {
    const { told, lost, duplicated, outOfTurn } = await this.kept();
    total.lost += lost.length;
    total.duplicated += duplicated.length;
    expect({ lost, duplicated, outOfTurn }).toEqual({ lost: [], duplicated: [], outOfTurn: [] });
    expect(told.length).toBeGreaterThanOrEqual(atLeast);
    for (const [index] of this.clients.entries())
      expect(await shownBy(this.partners, this.uwv, atUwv(index))).toMatchObject({
        'vocational-profile.v1': { workWish: `wish ${this.#wishes}` },
      });
  }

  get codes(): readonly string[] {
    return this.kafka.notes.map(({ code }) => code);
  }

  async #introduce(count: number): Promise<void> {
    const whicheverRuns = (): RealInstance => this.uwv;
    const uwv: InStory = {
      id: 'uwv',
      get service() {
        return whicheverRuns().service;
      },
      get ports() {
        return whicheverRuns().ports;
      },
    };
    for (let index = 0; index < count; index++) {
      const person = { ...anna, familyName: `Testpersoon ${'abcdefghijklmnop'[index]}` };
      this.known.push(await new Client(this.partners, uwv, atUwv(index)).register(person));
      const her = await new Client(this.partners, this.ggz, `client-${index}`).register(person);
      await her.note(trajectoryStatusV1, { state: 'active', referredOn: '2026-09-01' });
      await her.consents(`consent-${index}`, this.uwv, ['K1', 'K2', 'K3']);
      this.clients.push(her);
      if (this.town && index === 0) {
        await new Client(this.partners, this.town, 'townsperson').register(person);
        await her.consents('consent-town', this.town, ['K1', 'K2', 'K3']);
      }
    }
    await this.tell(1, 0, 0);
    await until(async () => {
      // The introduction, the status and the first wish.
      if (this.town && (await this.kept(this.town)).told.length < 3) return false;
      const { told, lost } = await this.kept();
      return told.length === 3 * count && lost.length === 0;
    });
  }
}

export const atUwv = (index: number): string => `known-${index}`;
export const logOf = ({ ports }: RealInstance): Promise<readonly StoredEvent[]> =>
  ports.store.readAll(undefined, 1_000_000);

/** Real messages, so keyed as in earnest. */
function startOver(
  kafka: KafkaWorld,
  partners: RealPartners,
  id: string,
  { around = (each) => each, lanes, transportOfUwv }: FaultStoryOptions,
): Promise<RealInstance> {
  const transport = kafka.instance({ placeOf: laneKey, ...(id === 'uwv' ? transportOfUwv : {}) });
  return partners.start(id, around(transport, id), lanes);
}
