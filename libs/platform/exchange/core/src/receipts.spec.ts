/** One receipt for what is kept while another is on its way: each lane once, with the furthest that was kept of it. */
import { expect, it } from '@jest/globals';
import type { InboxPorts } from './inbox.js';
import { createReceipts } from './receipts.js';

it('says of each lane the furthest, in whatever order it was kept', async () => {
  const sent: { data: object; subject: string }[] = [];
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const ports = {
    ids: { derive: (...parts: readonly string[]) => parts.join(' ') },
    clock: { now: () => '2026-11-02T09:00:00.000Z' },
    checkpoints: { pass: () => undefined },
    signer: { sign: (text: string) => Promise.resolve(text) },
    scheduler: { after: () => () => undefined },
    transport: {
      send: (_: string, text: string) => (sent.push(JSON.parse(text) as (typeof sent)[number]), arrived),
    },
  } as unknown as InboxPorts;
  const say = createReceipts({ id: 'uwv', kind: 'uwv' }, ports);
  const kept = (lane: string, upTo: number): Promise<void> =>
    say({ id: 'ggz-amstel', kind: 'mental-health' }, { lane, upTo, subject: `of ${lane}`, alone: false });
  const first = kept('a', 1);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  const rest = [kept('b', 2), kept('a', 3), kept('b', 1), kept('a', 2)];
  arrive();
  await Promise.all([first, ...rest]);
  expect(sent.map(({ data, subject }) => ({ ...data, subject }))).toEqual([
    { lane: 'a', upTo: 1, subject: 'of a' },
    { lane: 'b', upTo: 2, subject: 'of b', also: [{ lane: 'a', upTo: 3 }] },
  ]);
});
