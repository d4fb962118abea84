/** Every moment at which the installation is killed: each named point of the code, and moments drawn by a seed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chanceFrom } from './chance.js';
import type { Death } from './death.js';

/** Read from the sources, so that a point that is added is killed at, or the test fails. A point has a plain name where it is passed. */
export function namedPoints(root: string): readonly string[] {
  const points = new Set<string>();
  for (const folder of ['libs', 'apps'])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/src[\\/].*\.ts$/.test(file) || file.includes('node_modules') || file.endsWith('.spec.ts')) continue;
      const source = readFileSync(join(root, folder, file), 'utf8');
      const named = [...source.matchAll(/checkpoints\.pass\('([^']+)'\)/g)].map(([, point]) => point as string);
      if (named.length !== source.match(/checkpoints\.pass\(/g)?.length && named.length > 0)
        throw new Error(`A point in ${file} has no plain name where it is passed.`);
      for (const point of named) points.add(point);
    }
  return [...points].sort();
}

/** All named points once, and `drawn` moments besides, in an order that the seed gives. */
export function deathsOf(points: readonly string[], drawn: number, seed: number): readonly Death[] {
  const chance = chanceFrom(seed);
  const upTo = (most: number): number => 1 + Math.floor(chance() * most);
  const named: Death[] = points.map((at) => ({ at, pass: upTo(3) }));
  // Most of the time a process is at work; some die while they are still starting.
  const moments: Death[] = Array.from({ length: drawn }, (_, index) =>
    index % 3 === 0 ? { afterMs: 300 + upTo(1500) } : { afterPasses: upTo(120) },
  );
  return [...named, ...moments]
    .map((death) => ({ death, place: chance() }))
    .sort((a, b) => a.place - b.place)
    .map(({ death }) => death);
}
