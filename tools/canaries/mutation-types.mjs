/** Whether a file without its guard still type-checks: what a compiler refuses, no test needs to catch. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../bootstrap.mjs';
import { withoutGuard } from './mutation.mjs';

/** What is left over when a guard is taken out is no fault: a name that nothing uses any more, and code that nothing reaches. */
const leftOvers = new Set([6133, 6192, 6196, 6198, 7027]);

/** Returns a function of file and text that answers with the first type error, or undefined. The first call reads the whole workspace. */
function typeChecker() {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  let other = { file: '', text: '', version: 0 };
  const textOf = (file) => (file === other.file ? other.text : ts.sys.readFile(file));
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({ ...config.options, noEmit: true }),
    getScriptFileNames: () => config.fileNames,
    getScriptVersion: (file) => (file === other.file ? `changed ${other.version}` : 'as it is'),
    getScriptSnapshot: (file) =>
      ts.sys.fileExists(file) ? ts.ScriptSnapshot.fromString(textOf(file) ?? '') : undefined,
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  });
  const errorsOf = (file, text) => {
    other = { file, text, version: other.version + 1 };
    return service
      .getSemanticDiagnostics(file)
      .filter(({ code }) => !leftOvers.has(code))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  };
  return (name, text) => {
    if (!name.endsWith('.ts')) return undefined;
    const [first] = errorsOf(join(root, name), text);
    // A file that does not type-check as it is says nothing about the guard.
    return first && !errorsOf(join(root, name), ts.sys.readFile(join(root, name)) ?? '').includes(first)
      ? first
      : undefined;
  };
}

/** By id, why the file of an entry does not type-check once its guard is out. Entries that are not found in the code are passed over. */
export function untyped(entries) {
  const check = typeChecker();
  return new Map(
    entries.flatMap((entry) => {
      const text = mutated(entry);
      const why = text === undefined ? undefined : check(entry.file, text);
      return why ? [[entry.id, why]] : [];
    }),
  );
}

function mutated(entry) {
  try {
    return withoutGuard(readFileSync(join(root, entry.file), 'utf8'), entry);
  } catch {
    return undefined;
  }
}
