/** Memory and start: what every deployed process takes of the machine, and how long it needs until it answers. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { localOrganisations } from '@convenant/identity-local-provider';
import type { Benchmark } from './benchmark.js';
import { deploy, startBeside } from './deployed-installation.js';
import { figure, median, type Figure } from './figures.js';

export const memory: Benchmark = {
  name: 'memory',
  about:
    'The demonstration as it is deployed, some seconds after its start: proportional set size of every process (what it shares with others is divided among them), and the time from starting it until it answers, its database being made and migrated in it. Beside it a process with Fastify and one empty route.',
  async measure(run) {
    const emptyStarts: number[] = [];
    const empties: number[] = [];
    for (let round = 0; round < 3; round++) {
      const from = performance.now();
      const { processId } = await startBeside(run, 'empty-route', 'EMPTY_PORT');
      emptyStarts.push(performance.now() - from);
      empties.push(processId);
    }
    // Each step is over when the next begins, and nothing else happens in it.
    const begun: { step: string; at: number }[] = [];
    const deployed = await deploy(run, {}, (step) => begun.push({ step, at: performance.now() }));
    const startMs = (step: string): number => {
      const index = begun.findIndex((each) => each.step === step);
      return (begun[index + 1]?.at ?? Number.NaN) - (begun[index]?.at ?? Number.NaN);
    };
    run.progress('waiting for quiet');
    await sleep(run.quick ? 500 : 5_000, undefined, { signal: run.signal });

    const base = 'an empty route';
    const emptyMegabytes = await megabytesOf(empties[0] ?? 0);
    if (emptyMegabytes === undefined)
      run.notMeasured('memory', 'Proportional set sizes are read from /proc/<process>/smaps_rollup, which Linux has.');
    const processes = [
      ...localOrganisations.flatMap(({ id, name }) => {
        const service = deployed.services.get(id);
        return service ? [{ name: id, step: name, processId: service.processId }] : [];
      }),
      { name: 'gateway', step: 'gateway', processId: deployed.gateway.processId },
    ];
    const figures: Figure[] = [];
    for (const { name, step, processId } of processes) {
      const megabytes = await megabytesOf(processId);
      if (megabytes !== undefined && emptyMegabytes !== undefined)
        figures.push(
          figure({ name: `memory of ${name}`, value: megabytes, unit: 'MB', base, baseValue: emptyMegabytes }),
        );
      const baseValue = median(emptyStarts);
      figures.push(figure({ name: `start of ${name}`, value: startMs(step), unit: 'ms', base, baseValue }));
    }
    return figures;
  },
};

/** Undefined where the machine does not say. */
async function megabytesOf(processId: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${processId}/smaps_rollup`, 'utf8').catch(() => '');
  const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(text) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
