/**
 * Fills in a step's variables: `{{uuid}}` is a new one each time, `{{today}}`, `{{today_minus_9}}` and `{{today_plus_14}}` are days,
 * `{{now_plus_7}}` is this moment in seven days, `{{joost_ggz_amstel}}` is how Joost's colleagues at GGZ Amstel refer to him, and
 * any other `{{name}}` is what an earlier step kept under that name.
 */

const kept = new Map();

/** Colleagues name one another by a reference; here it is known who the demo people are. */
export function knowPeople(organisations) {
  for (const { id, people } of organisations)
    for (const { account, subject } of people) if (subject) kept.set(`${account}_${id}`.replaceAll('-', '_'), subject);
}

export function fillIn(value) {
  if (Array.isArray(value)) return value.map(fillIn);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillIn(each)]));
  if (typeof value !== 'string') return value;
  return value.replace(/\{\{(\w+)\}\}/g, (whole, name) =>
    name === 'uuid' ? crypto.randomUUID() : (moment(name) ?? kept.get(name) ?? whole),
  );
}

function moment(name) {
  const [, from, sign, days] = /^(today|now)(?:_(minus|plus)_(\d{1,3}))?$/.exec(name) ?? [];
  if (!from) return undefined;
  const at = new Date();
  at.setDate(at.getDate() + (sign === 'minus' ? -1 : 1) * Number(days ?? 0));
  return from === 'now' ? at.toISOString() : at.toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' });
}

/** `keep` is { name: 'path.in.the.data' }. */
export function keepFrom(keep, data) {
  for (const [name, path] of Object.entries(keep)) {
    const found = path.split('.').reduce((value, part) => value?.[part], data);
    if (typeof found === 'string') kept.set(name, found);
  }
}
