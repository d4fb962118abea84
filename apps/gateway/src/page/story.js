/** Fills in a step's variables: `{{uuid}}` is a new one each time, `{{name}}` is what an earlier step kept under that name. */

const kept = new Map();

export function fillIn(value) {
  if (Array.isArray(value)) return value.map(fillIn);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillIn(each)]));
  if (typeof value !== 'string') return value;
  return value.replace(/\{\{(\w+)\}\}/g, (whole, name) =>
    name === 'uuid' ? crypto.randomUUID() : (kept.get(name) ?? whole),
  );
}

/** `keep` is { name: 'path.in.the.data' }. */
export function keepFrom(keep, data) {
  for (const [name, path] of Object.entries(keep)) {
    const found = path.split('.').reduce((value, part) => value?.[part], data);
    if (typeof found === 'string') kept.set(name, found);
  }
}
