/** Lists the projects of the workspace with their folder and tags; the build, the tests and the lint rules all read it from here. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './bootstrap.mjs';

/** Every project: { name, folder (relative), kind, org }. */
export function projects() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) =>
      globSync(`${pattern}/package.json`, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' }),
    )
    .sort()
    .map((file) => {
      const { name, nx } = JSON.parse(readFileSync(join(root, file), 'utf8'));
      const tag = (prefix) => nx?.tags?.find((each) => each.startsWith(prefix))?.slice(prefix.length);
      return { name, folder: dirname(file), kind: tag('kind:'), org: tag('org:') };
    });
}
