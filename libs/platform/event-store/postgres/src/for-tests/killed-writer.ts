/** For tests: a process that appends without end and prints what was acknowledged, until it is killed. Run by its built form. */
import { openPostgres } from '../open-postgres.js';

const [application = '', owner = '', writers = '8', prefix = ''] = process.argv.slice(2);
const { events } = await openPostgres({ database: { application, owner }, organisation: 'killed' });

await Promise.all(
  Array.from({ length: Number(writers) }, async (_, writer) => {
    const stream = `${prefix}-${writer}`;
    for (let version = 0; ; version++) {
      const id = `${stream}.${version + 1}`;
      await events.append(stream, version, [
        {
          id,
          type: 'SampleNoted',
          version: 1,
          data: {},
          sealed: {},
          meta: { at: '2026-03-02T09:00:00.000Z', actor: { kind: 'system', process: 'killed' }, cause: id },
        },
      ]);
      process.stdout.write(`${id}\n`);
    }
  }),
);
