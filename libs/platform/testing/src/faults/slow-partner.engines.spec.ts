/** A partner whose database is slow: it is given no more at once than it can hold, and neither other partners nor a withdrawal wait for it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { reportEngine, startKafka, type RunningKafka } from '@convenant/engines';
import pg from 'pg';
import { FaultStory, until } from './fault-story.js';
import { ownServer, type OwnServer } from './own-server.js';
import { WatchedWire } from './watched-wire.js';

const handledAtOnce = 4;
const inWindow = 8;

let kafka: RunningKafka;
let story: FaultStory | undefined;
let server: OwnServer;
const total = { lost: 0, duplicated: 0 };

beforeAll(async () => {
  kafka = await startKafka();
  server = await ownServer('uwv');
});
afterEach(async () => {
  await story?.end();
  story = undefined;
});
afterAll(async () => {
  reportEngine({ engine: 'Apache Kafka', version: kafka.version, ...total });
  await server.stop();
  await kafka.stop();
});

/** Whatever UWV keeps of what it is told takes so long to write from now on. */
async function slowDown(seconds: number): Promise<void> {
  const owner = new pg.Client({ connectionString: server.database.owner });
  await owner.connect();
  await owner.query(`
    create or replace function convenant.dawdle() returns trigger language plpgsql as
      $$ begin perform pg_sleep(${seconds}); return new; end $$;
    create or replace trigger dawdle before insert on convenant.events for each row
      when (new.type = 'DisclosureReceived') execute function convenant.dawdle();
  `);
  await owner.end();
}

describe('a partner that is slow', () => {
  it('is given no more at once than it can hold, and holds up neither another partner nor a withdrawal', async () => {
    const wires = new Map<string, WatchedWire>();
    const told = (story = await FaultStory.begin(
      { brokers: kafka.brokers },
      {
        withTown: true,
        databaseOfUwv: server.database,
        lanes: { window: inWindow },
        transportOfUwv: { handledAtOnce, openMax: 10 },
        around: (transport, id) => {
          const wire = new WatchedWire(transport);
          wires.set(id, wire);
          return wire;
        },
      },
    ));
    // Nothing more is told about her: what she withdraws takes nothing out of the count.
    const withdrawing = told.clients.pop();
    await slowDown(0.15);
    // Not faster than the door tells it one by one, and far faster than it is kept.
    await told.tell(25, 150);
    await until(async () => (await told.kept(told.town)).lost.length === 0, 20);
    await withdrawing?.withdraws('consent-7');
    await until(async () => (await withdrawing?.happened('ClosingAcknowledged'))?.length === 1, 20);
    // All this while there was more for it than it had taken.
    expect((await told.kept()).lost.length).toBeGreaterThan(20);

    await told.receipted();
    await told.expectWhole(total, 7 * 6);
    const town = await told.kept(told.town);
    total.lost += town.lost.length;
    total.duplicated += town.duplicated.length;
    expect(town).toMatchObject({ lost: [], duplicated: [], outOfTurn: [] });
    // Two topics, each with so many hands.
    expect(wires.get('uwv')?.mostAtOnce).toBeLessThanOrEqual(2 * handledAtOnce);
    expect(wires.get('uwv')?.mostAtOnce).toBeGreaterThan(1);
    expect(wires.get('ggz-amstel')?.mostWithoutReceipt).toBeLessThanOrEqual(inWindow);
    expect(wires.get('ggz-amstel')?.mostWithoutReceipt).toBeGreaterThan(1);
  });
});
