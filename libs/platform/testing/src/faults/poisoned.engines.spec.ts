/** A message that cannot be handled here: it holds up its own lane and nothing else, an operator sees it, and once the cause is mended it and all behind it arrive. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contractId, medicalQuestionV1 } from '@convenant/contracts';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import type { Handled } from '@convenant/exchange';
import { committedOf, keptIn } from '@convenant/exchange-kafka';
import type { ServiceDefinition } from '@convenant/host';
import { exampleService, factEvents, facts, factStream } from '../exchange/example-services.js';
import { FaultStory, logOf, pass, until } from './fault-story.js';
import { WatchedWire } from './watched-wire.js';

const question = contractId(medicalQuestionV1);
const inThisLane = 0;
const inAnotherLane = 1;

let kafka: RunningKafka;
let story: FaultStory;
let wire: WatchedWire;
const total = { lost: 0, duplicated: 0 };
/** What the agency makes of the poisoned question before the cause is mended. */
let fault: 'cannot-be-understood' | 'throws' | undefined;

/** UWV asks what is noted there as a question. */
const uwv: ServiceDefinition = {
  ...exampleService('uwv'),
  sends: {
    FactNoted: async (stored) => {
      const { contract, values } = factEvents.decode(stored) as { contract: string; values: Record<string, string> };
      if (contract !== question) return [];
      const { questionId, pseudonym = '' } = values;
      const dates = { askedOn: '2026-11-02', expectedBy: '2026-12-02' };
      const data = { questionId, role: 'insurancePhysician', ...dates, question: 'sealed' };
      return [{ recipient: 'ggz-amstel', pseudonym, contract: medicalQuestionV1, data }];
    },
  },
};
/** The agency notes every question that it understands, in the lane in which it came. */
const ggz: ServiceDefinition = {
  ...exampleService('mental-health'),
  receives: {
    [question]: async ({ message }, context): Promise<Handled> => {
      const factId = String(message.data['questionId']);
      if (factId.startsWith('poisoned') && fault === 'throws') throw new Error(`a fault in here, at ${factId}`);
      if (factId.startsWith('poisoned') && fault === 'cannot-be-understood') return 'parked';
      const stream = factStream(message.subject, 'asked');
      await context.run(factEvents, facts, stream, { factId, contract: question, values: {} });
      return 'kept';
    },
  },
};

beforeAll(async () => {
  kafka = await startKafka();
});
beforeEach(async () => {
  fault = undefined;
  story = await FaultStory.begin(
    { brokers: kafka.brokers },
    {
      clients: 2,
      ggz,
      uwv,
      around: (transport, organisation) =>
        organisation === 'ggz-amstel' ? (wire = new WatchedWire(transport)) : transport,
    },
  );
});
afterEach(() => story.end());
afterAll(async () => {
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
  await kafka.stop();
});

const pseudonymOf = async (client: number): Promise<string> =>
  (await story.clients[client]?.state())?.pseudonyms['uwv']?.pseudonym ?? '';
async function ask(client: number, questionId: string): Promise<void> {
  await story.known[client]?.note(medicalQuestionV1, { questionId, pseudonym: await pseudonymOf(client) });
}
/** In the order of the log, as often as it stands there. */
async function asked(client: number): Promise<readonly string[]> {
  const stored = await story.ggz.ports.store.read(factStream(await pseudonymOf(client), 'asked'));
  return stored.map((event) => (factEvents.decode(event) as { factId: string }).factId);
}
/** Of all messages to the agency: how many it is done with, and how many there are. */
const committed = (): Promise<number> => committedOf({ brokers: kafka.brokers }, 'ggz-amstel', story.kafka.prefix);
const kept = (): Promise<number> => keptIn({ brokers: kafka.brokers }, 'ggz-amstel', story.kafka.prefix);
/** UWV’s lanes in which something has no receipt, with how much. */
const waitingAtUwv = async (): Promise<readonly number[]> =>
  (await story.uwv.ports.ledger.waitingLanes()).map(({ waiting }) => waiting);
/** The ids under which UWV’s messages about this client go: that of the event from which they are made. */
const messageIds = async (client: number): Promise<readonly string[]> =>
  (await logOf(story.uwv)).flatMap(({ id, stream, data }) =>
    stream === factStream(`known-${client}`) && data['contract'] === question ? [id] : [],
  );

async function expectEachOnceAndInOrder(): Promise<void> {
  const lanes: [number, string[]][] = [
    [inThisLane, ['first', 'poisoned', 'behind']],
    [inAnotherLane, ['beside', 'beside too']],
  ];
  for (const [client, questions] of lanes) {
    const had = await asked(client);
    total.lost += questions.filter((each) => !had.includes(each)).length;
    total.duplicated += had.length - new Set(had).size;
    expect(had).toEqual(questions);
  }
  await story.expectWhole(total, 6);
}

describe('a message that is poisoned', () => {
  it('and reaches the inbox is parked, holds what is behind it in its lane and nothing else, and is redriven once the cause is mended', async () => {
    fault = 'cannot-be-understood';
    await ask(inThisLane, 'first');
    await until(async () => (await asked(inThisLane)).includes('first'));
    await ask(inThisLane, 'poisoned');
    await ask(inThisLane, 'behind');
    await ask(inAnotherLane, 'beside');
    const [, poisoned = '', behind = ''] = await messageIds(inThisLane);
    await until(async () => (await asked(inAnotherLane)).includes('beside'));
    await until(() => wire.arrived.filter((id) => id === behind).length > 2);
    await story.tell(1);
    await story.receipted();
    // Both have come again and again, and neither had an effect.
    expect(await asked(inThisLane)).toEqual(['first']);
    expect(await waitingAtUwv()).toEqual([2]);
    expect(await story.ggz.ports.ledger.parked()).toMatchObject([
      { messageId: poisoned, sender: 'uwv', number: 2, reason: 'not-handled-here' },
    ]);
    expect(story.ggz.notes.filter(({ code }) => code === 'message-parked')).toHaveLength(1);

    // With the sender silent, nothing but the operator's redriving can take it.
    await story.uwv.stop();
    await until(async () => (await committed()) === (await kept()));
    for (let seen = -1; seen !== wire.arrived.length; await pass(1_000)) seen = wire.arrived.length;
    fault = undefined;
    expect(await asked(inThisLane)).toEqual(['first']);
    expect(await story.ggz.ports.ledger.askRedrive(poisoned)).toBe(true);
    await until(async () => (await asked(inThisLane)).length > 1);
    expect(await asked(inThisLane)).toEqual(['first', 'poisoned']);
    // Told once it is done, and so after it can be seen.
    await until(() => story.ggz.notes.some(({ code }) => code === 'message-redriven'));
    expect(story.ggz.notes).toContainEqual({ code: 'message-redriven', facts: { outcome: 'kept' } });
    story.uwv = await story.startUwv();
    await until(async () => (await waitingAtUwv()).length === 0);
    await ask(inAnotherLane, 'beside too');
    await until(async () => (await asked(inAnotherLane)).length === 2);
    expect(await story.ggz.ports.ledger.parked()).toEqual([]);
    await expectEachOnceAndInOrder();
  });

  it('and fails here each time is set aside with a note that quotes nothing, holds what is behind it in its lane, and arrives once it can', async () => {
    fault = 'throws';
    await ask(inThisLane, 'first');
    await until(async () => (await asked(inThisLane)).includes('first'));
    await ask(inThisLane, 'poisoned');
    await ask(inThisLane, 'behind');
    await ask(inAnotherLane, 'beside');
    const [, poisoned = '', behind = ''] = await messageIds(inThisLane);
    await until(async () => {
      // It is set aside only while others are handled: a database that is away is no fault of a message.
      await story.tell(1);
      return story.codes.includes('kafka-message-set-aside');
    });
    await until(() => wire.arrived.includes(behind));
    // The transport brings what is behind it only when it has done with it; the inbox then leaves that with its sender.
    expect(wire.arrived.indexOf(behind)).toBeGreaterThan(wire.arrived.indexOf(poisoned) + 3);
    await until(async () => (await asked(inAnotherLane)).includes('beside'));
    await until(async () => isDeepStrictEqual(await waitingAtUwv(), [2]));
    await pass(1_000);
    expect(await asked(inThisLane)).toEqual(['first']);
    expect(await asked(inAnotherLane)).toEqual(['beside']);
    expect(await waitingAtUwv()).toEqual([2]);
    expect(JSON.stringify([story.kafka.notes, story.ggz.notes])).not.toMatch(/poisoned|a fault in here/);

    fault = undefined;
    await until(async () => (await waitingAtUwv()).length === 0);
    await ask(inAnotherLane, 'beside too');
    await until(async () => (await asked(inAnotherLane)).length === 2);
    await story.receipted();
    await expectEachOnceAndInOrder();
  });
});
