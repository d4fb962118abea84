/** `npm start`: starts everything, says where it is and who can sign in, and stops cleanly. */
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { describeLocal, help } from './describe.js';
import { settingsFrom } from './settings.js';
import { startLocal } from './start-local.js';

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } } });
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const bar = new SingleBar({
  format: 'Starting {bar} {step}',
  clearOnComplete: true,
  stream: process.stderr,
  noTTYOutput: false,
});
bar.start(1, 0, { step: '' });
try {
  const local = await startLocal(settingsFrom(process.env), {
    onProgress: (step, done, of) => {
      bar.setTotal(of);
      bar.update(done, { step });
    },
  });
  bar.stop();
  const stop = (): void => {
    process.stderr.write('Stopping…\n');
    void local.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  process.stdout.write(describeLocal(local, values.json ?? false));
} catch (error) {
  bar.stop();
  process.stderr.write(`Convenant could not start. ${error instanceof Error ? error.message : ''}\n`);
  process.exit(1);
}
