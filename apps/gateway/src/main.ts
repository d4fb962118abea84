/** Starts a deployed gateway with the settings of its environment; settings.ts lists them. */
import { listeningAt } from '@convenant/settings';
import { brokenLine } from './broken-line.js';
import { placesOf, settingsFrom } from './settings.js';
import { startGateway } from './start-gateway.js';

try {
  const settings = settingsFrom(process.env);
  const gateway = await listeningAt(placesOf(settings), () =>
    startGateway({
      ...settings,
      onBroken: (error, trace) => console.error(brokenLine(error, trace)),
    }),
  );
  console.log(`Gateway: ${gateway.url}`);
  if (gateway.observeUrl) console.log(`Gateway, metrics and health: ${gateway.observeUrl}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void gateway.close());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
