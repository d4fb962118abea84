/** The local installation, on a bad line, in a process that can be told when to die; it loads first, and opens nothing before it is told to start. */
import { once } from 'node:events';
import { settingsFrom, startLocal } from '@convenant/app-local';
import { defaultLaneSettings } from '@convenant/exchange';
import { defaultSettings } from '@convenant/host';
import { BadLine } from './bad-line.js';
import { chanceFrom } from './chance.js';
import { DeadlyCheckpoints, type Death } from './death.js';

// Whoever started this is gone: nobody will ever tell it to start or to stop.
process.stdin.once('end', () => process.exit(0));
await once(process.stdin, 'data');

const death = process.env['CONVENANT_DEATH'];
try {
  const local = await startLocal(settingsFrom(process.env), {
    ...(death ? { checkpoints: new DeadlyCheckpoints(JSON.parse(death) as Death) } : {}),
    transport: new BadLine(chanceFrom(Number(process.env['CONVENANT_SEED']))),
    // What waits for its turn is looked at again soon: lives are short here. Views get their time: others may need the processors.
    service: {
      ...defaultSettings,
      waitForViewsMs: 20_000,
      pollMs: 100,
      lanes: { ...defaultLaneSettings, firstRetryMs: 100, lastRetryMs: 500 },
    },
  });
  process.stdout.write(`${JSON.stringify({ gateway: local.gatewayUrl, identity: local.provider.address })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'It could not start.'}\n`);
  process.exit(1);
}
