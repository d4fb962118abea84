/** Everything in docs/generated that follows from the code, as text by path; and what on disk differs from it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { policy, printMatrix } from '@convenant/consent';
import { controlContracts, disclosureContracts } from '@convenant/contracts';
import { root } from '../bootstrap.mjs';
import { composed } from '../compose.mjs';
import { realms } from '../infra/realms.mjs';
import { asyncapi } from './asyncapi.mjs';
import { coverage } from './coverage.mjs';
import { eventCatalogue } from './event-catalogue.mjs';
import { messages } from './messages.mjs';
import { services } from './services.mjs';

/** Path to text; the composed schemas and the realms for sign-in are among them. */
export function generated() {
  return new Map([
    ['docs/generated/event-catalogue.md', eventCatalogue(services)],
    ['docs/generated/consent-matrix.md', printMatrix(policy)],
    ['docs/generated/messages.md', messages(disclosureContracts, controlContracts)],
    ['docs/generated/asyncapi.yaml', asyncapi(disclosureContracts, controlContracts)],
    ['docs/generated/coverage.md', coverage(services)],
    ...composed(),
    ...realms(),
  ]);
}

/** The paths whose text on disk is not what the code says. */
export function drift(texts = generated(), folder = root) {
  return [...texts]
    .filter(([file, text]) => !existsSync(join(folder, file)) || readFileSync(join(folder, file), 'utf8') !== text)
    .map(([file]) => file);
}

/** Writes what differs and returns those paths. */
export function generate(texts = generated(), folder = root) {
  const changed = drift(texts, folder);
  for (const file of changed) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), texts.get(file));
  }
  return changed;
}
