/** Takes one guard out of one text, and makes sure that what is left still is a program. */
import { parseSync } from '@swc/core';
import { parse as parseGraphql } from 'graphql';
import ts from 'typescript';

/** A guard whose text is no longer there, or is there twice: the entry has to follow the code. */
export class Drift extends Error {}
/** What was left after taking out the guard does not compile, so a failing test would say nothing. */
export class NotAProgram extends Error {}

/** The text of `file` without the guard of this entry. Throws `Drift` and `NotAProgram`. */
export function withoutGuard(text, { file, from, to }) {
  const pattern = new RegExp(laidOutInAnyWay(from), 'g');
  const places = [...text.matchAll(pattern)].length;
  if (places !== 1) throw new Drift(`${file} holds this text ${places} times instead of once: ${from}`);
  const mutated = text.replace(pattern, () => to);
  const problem = whyNotAProgram(file, mutated);
  if (problem) throw new NotAProgram(`${file} does not compile without it: ${problem}`);
  return mutated;
}

/** The same words and signs in the same order, however a formatter breaks the lines and whether or not it puts `(x) =>` or `x =>`. */
function laidOutInAnyWay(text) {
  const tokens = text.replace(/\((\w+)\)(\s*=>)/g, '$1$2').match(/=>|\w+|[^\w\s]/g) ?? [];
  const isWord = (token) => /\w/.test(token);
  return tokens
    .map((token, index) => {
      const between = index === 0 ? '' : isWord(token) && isWord(tokens[index - 1]) ? '\\s+' : '\\s*';
      if (isWord(token) && tokens[index + 1] === '=>') return `${between}\\(?\\s*${token}\\s*\\)?`;
      // A list that is broken over lines gets a comma at its end.
      return `${')]}'.includes(token) ? ',?' : ''}${between}${token.replace(/[^\w]/g, '\\$&')}`;
    })
    .join('');
}

function whyNotAProgram(file, text) {
  try {
    if (file.endsWith('.graphql')) parseGraphql(text);
    else if (file.endsWith('.json')) JSON.parse(text);
    else parseSync(text, file.endsWith('.ts') ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' });
  } catch (error) {
    return error.message.split('\n')[0];
  }
  if (!file.endsWith('.ts')) return undefined;
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const [first] = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  return first && ts.flattenDiagnosticMessageText(first.messageText, ' ');
}
