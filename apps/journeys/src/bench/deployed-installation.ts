/** The demonstration as it is deployed, for one run of a benchmark, and small processes beside it. */
import { startDeployed, thisRelease, type Deployed, type DeployedOptions } from '../deployed/start-deployed.js';
import { ServiceProcess } from '../deployed/service-process.js';
import type { Run } from './benchmark.js';

/** `onStep` hears the name of what is started next. */
export async function deploy(
  run: Run,
  environment: DeployedOptions['environment'] = {},
  onStep: (step: string) => void = () => undefined,
): Promise<Deployed> {
  const kafka = await run.kafka();
  const postgres = await run.postgres();
  const deployed = await startDeployed({
    dataFolder: await run.folder(),
    engines: { brokers: kafka.brokers, databaseUrl: postgres.url },
    environment,
    onNote: (line) => run.note(line),
    onProgress: (step, done, of) => {
      onStep(step);
      run.progress(`starting ${step}`, done, of);
    },
  });
  run.onStop(() => deployed.stop());
  return deployed;
}

/** A compiled program of this folder in a process of its own; resolves when it answers. */
export async function startBeside(
  run: Run,
  name: string,
  portSetting: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const beside = new ServiceProcess({
    name,
    program: `apps/journeys/dist/bench/${name}.js`,
    release: thisRelease,
    portSetting,
    environment,
    onNote: (line) => run.note(line),
  });
  run.onStop(() => beside.stop());
  await beside.start();
  return beside;
}
