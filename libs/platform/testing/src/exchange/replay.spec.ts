/** Random lives on a bad network, some of them with processes that stop anywhere: in the end everything permitted has arrived, nothing else has, every closing is proved, and the log gives the same answer again. */
import { describe, expect, it } from '@jest/globals';
import { disclosureEvents, disclosureStream, otherAnswers, policy, type DisclosureState } from '@convenant/consent';
import { jobFactsV1, trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { seeded, unreliable, type UnreliableTransport } from '@convenant/exchange-contract';
import { testWorld } from '../world.js';
import { exampleService } from './example-services.js';
import { StopsAfter } from './stopping.js';
import { Client, keptBy, rowsOf, shownBy } from './story.js';

const contracts = [
  [
    trajectoryStatusV1,
    'K2',
    (n: number) => ({ state: 'active', referredOn: `2026-09-${String((n % 28) + 1).padStart(2, '0')}` }),
  ],
  [vocationalProfileV1, 'K3', (n: number) => ({ workWish: `wens ${n}`, preferences: [], writtenOn: '2026-09-10' })],
  [
    jobFactsV1,
    'K7',
    (n: number) => ({
      jobs: [
        {
          occupation: `werk ${n}`,
          regularPaid: true,
          contract: 'permanent',
          hoursPerWeek: n % 40,
          startedOn: '2026-10-01',
        },
      ],
    }),
  ],
] as const;

async function live(seed: number, stopping: boolean) {
  const chance = seeded(seed);
  const below = (limit: number): number => Math.floor(chance.number() * limit);
  let network: UnreliableTransport | undefined;
  const processes = { 'ggz-amstel': new StopsAfter(), uwv: new StopsAfter() };
  const world = await testWorld({
    organisations: { 'ggz-amstel': exampleService('mental-health'), uwv: exampleService('uwv') },
    seed: `seed ${seed}`,
    wire: (direct, time) => (network = unreliable(direct, chance, time)),
    checkpoints: (organisation) => processes[organisation as keyof typeof processes],
  });
  const startAgain = async (): Promise<void> => {
    for (const [organisation, process] of Object.entries(processes)) {
      if (!process.down) continue;
      process.started();
      await world.organisation(organisation).restart({ freshViews: below(4) === 0 });
    }
  };
  const ggz = world.organisation('ggz-amstel');
  const uwv = world.organisation('uwv');
  const her = await new Client(world, ggz, 'anna').register();
  await new Client(world, uwv, 'client-7').register();
  let consents = 0;
  const newest: Record<string, unknown> = {};
  const acts: readonly (() => Promise<void>)[] = [
    async () => {
      const [contract, , values] = contracts[below(3)] ?? contracts[0];
      const fact = values(below(1_000));
      newest[`${contract.name}.v1`] = fact;
      await her.note(contract, fact);
    },
    () =>
      her.consents(`consent-${++consents}`, uwv, [
        'K1',
        ...(['K2', 'K3', 'K7'] as const).filter(() => chance.number() < 0.6),
      ]),
    () => her.withdraws(`consent-${consents}`),
    () => her.narrows(`consent-${consents}`, (['K2', 'K3', 'K7'] as const)[below(3)] ?? 'K2'),
    () => her.says(`consent-${consents}`, ['K1', 'K2', 'K3', 'K7']),
    () => her.pauses(`consent-${consents}`),
    () => her.resumes(`consent-${consents}`),
    () => uwv.restart({ freshViews: true }).then(() => undefined),
  ];
  for (let step = 0; step < 14; step++) {
    // What her own rules refuse at that moment does not happen.
    await acts[below(step % 5 === 4 ? acts.length : acts.length - 1)]?.().catch(() => undefined);
    if (stopping && below(2) === 0) processes[below(2) === 0 ? 'uwv' : 'ggz-amstel'].stopAfter(1 + below(12));
    await world.time.pass(below(stopping ? ([50, 500, 4_000][below(3)] ?? 0) : 4_000));
    if (below(3) > 0) await startAgain();
    if (processes.uwv.down) continue;
    // A closing that arrived counts at once, for the rows and for the register.
    const closings = (await keptBy(uwv)).flatMap((event) =>
      event.type === 'ScopeClosed' && event.how === 'ended' ? [event.consentId] : [],
    );
    const ended = (await rowsOf(uwv)).filter(({ row }) => closings.includes(row.consentId));
    expect([seed, ended]).toEqual([seed, []]);
  }
  network?.heal();
  for (const process of Object.values(processes)) if (!process.down) process.stopAfter(Number.POSITIVE_INFINITY);
  await startAgain();
  await world.time.pass(60_000);
  await world.settle();
  await world.time.pass(200_000);
  await world.settle();
  return { world, ggz, uwv, her, newest };
}

const consented = (state: DisclosureState): boolean => Object.values(state.consents).some(({ version }) => version > 0);

describe('for every history, replay equals live', () => {
  const seeds = Array.from({ length: Number(process.env['CONVENANT_SEEDS'] ?? 60) }, (_, index) => index + 1);
  const lives = seeds.flatMap((seed) => [[seed, 'run on', false] as const, [seed, 'stop anywhere', true] as const]);
  it.each(lives)('seed %i keeps every promise, with processes that %s', async (seed, _how, stopping) => {
    const { world, ggz, uwv, her, newest } = await live(seed, stopping);
    const state = await her.state();
    const open = Object.values(state.consents).filter(({ state: now }) => now === 'given');
    const permitted = Object.fromEntries(
      contracts.flatMap(([contract, category]) => {
        const id = `${contract.name}.v1`;
        return open.some(({ categories }) => categories.includes(category)) && newest[id] !== undefined
          ? [[id, newest[id]]]
          : [];
      }),
    );
    expect(await shownBy(world, uwv, 'client-7')).toEqual(permitted);
    expect(
      Object.values(state.consents).flatMap(({ closings }) =>
        closings.filter(({ acknowledgedAt }) => acknowledgedAt === undefined),
      ),
    ).toEqual([]);
    expect([
      ...(await ggz.ports.ledger.waitingLanes()),
      ...(await uwv.ports.ledger.waitingLanes()),
      ...(await ggz.ports.ledger.parked()),
      ...(await uwv.ports.ledger.parked()),
    ]).toEqual([]);
    // Nothing was received that the client's own stream does not have as told, and not stopped before it left.
    const received = (await keptBy(uwv)).flatMap((event) =>
      event.type === 'DisclosureReceived' ? [event.messageId] : [],
    );
    expect(received.filter((id) => state.disclosed[id] === undefined)).toEqual([]);
    expect(new Set(received).size).toBe(received.length);
    // Every decision that was recorded comes to the same answer again, from the events before it.
    const events = (await ggz.ports.store.read(disclosureStream(her.id))).map((stored) =>
      disclosureEvents.decode(stored),
    );
    expect(events.some(({ type }) => type === 'Disclosed' || type === 'Withheld' || type === 'ConsentGiven')).toBe(
      consented(state),
    );
    expect(
      otherAnswers(events, { kind: 'mental-health', organisation: 'ggz-amstel' }, (version) =>
        version === policy.version ? policy : undefined,
      ),
    ).toEqual([]);
    const before = await rowsOf(uwv);
    await uwv.restart({ freshViews: true });
    expect(await rowsOf(uwv)).toEqual(before);
    await world.stop();
  });
});
