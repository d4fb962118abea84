/** The full names of the tests in a source text, as Jest would print them: what a comment or another string says is no test. */
import ts from 'typescript';

/** Names with the titles of the groups around them; skipped and unwritten tests are left out. `file` is for the parser only. */
export function testNames(text, file = 'a.spec.ts') {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const tests = new Set(['it', 'test']);
  for (const name of namedBy(source, tests)) tests.add(name);
  const names = [];
  const visit = (node, groups) => {
    let within = groups;
    if (ts.isCallExpression(node)) {
      const called = calledBy(node.expression);
      const title = titleOf(node.arguments[0]);
      if (called && title !== undefined && node.arguments.length > 1) {
        if (called.without) return;
        if (called.name === 'describe') within = [...groups, title];
        else if (tests.has(called.name))
          names.push(...rowsOf(called.table, title).map((name) => [...groups, name].join(' ')));
      }
    }
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(source, []);
  return names;
}

/** `it(…)`, `it.each(…)(…)`, `describe.each` and a template table: the name that it all began with, and whether it is left out. */
function calledBy(expression) {
  const modifiers = [];
  let table;
  let node = expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(node)) {
      modifiers.push(node.name.text);
      node = node.expression;
    } else if (ts.isCallExpression(node) && modifiers.length === 0) {
      table = node.arguments[0];
      node = node.expression;
    } else if (ts.isTaggedTemplateExpression(node)) node = node.tag;
    else break;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const without = modifiers.some((one) => one === 'skip' || one === 'todo') || /^x(it|test|describe)$/.test(node.text);
  return { name: node.text, without, table };
}

const titleOf = (node) =>
  node && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) ? node.getText().slice(1, -1) : undefined;

/** One name per row when the rows are written out with a text first; otherwise the title as it stands. */
function rowsOf(table, title) {
  if (!table || !ts.isArrayLiteralExpression(table)) return [title];
  const first = (row) => (ts.isArrayLiteralExpression(row) ? row.elements[0] : row);
  const texts = table.elements.flatMap((row) => titleOf(first(row)) ?? []);
  return texts.length > 0 ? texts.map((text) => title.replace(/%[sp]/, () => text)) : [title];
}

/** Functions of this file that make a test of their first argument's name: `const forced = (name, …) => it(name, …)`. */
function namedBy(source, tests) {
  const found = [];
  const visit = (node) => {
    const made = ts.isVariableDeclaration(node) ? node.initializer : ts.isFunctionDeclaration(node) ? node : undefined;
    const first = made && (ts.isArrowFunction(made) || ts.isFunctionLike(made)) ? made.parameters[0]?.name : undefined;
    if (
      first &&
      ts.isIdentifier(first) &&
      node.name &&
      ts.isIdentifier(node.name) &&
      makesTestOf(made, first.text, tests)
    )
      found.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function makesTestOf(body, name, tests) {
  let makes = false;
  const visit = (node) => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    if (title && ts.isIdentifier(title) && title.text === name && tests.has(calledBy(node.expression)?.name))
      makes = true;
    ts.forEachChild(node, visit);
  };
  visit(body);
  return makes;
}
