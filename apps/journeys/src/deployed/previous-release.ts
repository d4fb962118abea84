/** Builds the release before this one beside it, from the history of the repository. */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { thisRelease } from './start-deployed.js';

const commit = (
  JSON.parse(readFileSync(join(thisRelease, 'infra/previous-release.json'), 'utf8')) as { readonly commit: string }
).commit;
const git = (...args: readonly string[]) => spawnSync('git', ['-C', thisRelease, ...args], { stdio: 'ignore' });

/**
 * Its sources, built, in this folder. Its own packages are its own; those of others are shared with this release. Throws where the history
 * does not go back so far, as in a shallow clone: a check that quietly does not run would be missed by nobody.
 */
export function buildPreviousRelease(folder: string): void {
  if (git('cat-file', '-e', `${commit}^{commit}`).status !== 0)
    throw new Error(
      `The history here does not go back to the release before this one, commit ${commit} of infra/previous-release.json. In a shallow clone, git fetch --unshallow mends that; an unpacked archive has no history, so use a clone.`,
    );
  const archive = execFileSync('git', ['-C', thisRelease, 'archive', commit], { maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const shared = join(thisRelease, 'node_modules');
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@convenant'), { recursive: true });
  for (const name of readdirSync(shared))
    if (name !== '@convenant') symlinkSync(join(shared, name), join(packages, name));
  for (const file of globSync('{apps,libs}/**/package.json', {
    cwd: folder,
    exclude: ['**/node_modules', '**/dist'],
  })) {
    const { name } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly name: string };
    const link = join(packages, name);
    symlinkSync(relative(dirname(link), join(folder, dirname(file))), link);
  }
  execFileSync(process.execPath, [join(folder, 'tools/build.mjs')], { cwd: folder, stdio: 'ignore' });
}
