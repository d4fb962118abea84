/** Holds the operator's guide and the example of settings to the programs: every setting, alert and note stands there. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  secretNames as gatewaySecretNames,
  settingNames as gatewaySettingNames,
  settingsFrom,
} from '../../apps/gateway/src/settings.js';
import { deployedSettings, secretNames, settingNames } from '../../libs/platform/launch/src/settings.js';
import { settingsIn, text, yaml } from './read.js';

const guide = text('docs/how-to/operate.md');
const example = text('infra/env/example.env');
const root = join(import.meta.dirname, '../..');

/** With what has no value in the example filled in. */
const filled = {
  ...settingsIn(example),
  ORGANISATION_DATABASE_URL: 'postgres://application:x@db.example:5432/voorbeeld',
  ORGANISATION_DATABASE_OWNER_URL: 'postgres://owner:x@db.example:5432/voorbeeld',
  ORGANISATION_GATEWAY_SECRET: 'A'.repeat(43),
  ORGANISATION_KAFKA_PASSWORD: 'x',
  GATEWAY_ORGANISATION_SECRET: 'A'.repeat(43),
};
const programs = [
  { program: 'a service', heading: 'Of a service', names: settingNames, read: deployedSettings },
  { program: 'a gateway', heading: 'Of a gateway:', names: gatewaySettingNames, read: settingsFrom },
] as const;

const inFiles = [...secretNames, ...gatewaySecretNames].map((name) => `${name}_FILE`);

describe.each(programs)('the settings of $program', ({ heading, names, read }) => {
  const from = guide.indexOf(heading);
  const table = [
    ...guide.slice(from, guide.indexOf('\n\n', guide.indexOf('|---', from))).matchAll(/^\| `(\w+)` \| (yes|no) \|/gm),
  ];

  it('stand in the guide, all of them and no others', () => {
    expect(table.map(([, name]) => name).sort()).toEqual([...names].sort());
  });

  it('are needed where the guide says so', () => {
    const own = Object.fromEntries(Object.entries(filled).filter(([name]) => names.includes(name)));
    expect(() => read(own)).not.toThrow();
    const said = table.filter(([, , needed]) => needed === 'yes').map(([, name]) => name);
    const needed = names.filter((name) => {
      // Those of Kafka need one another; without the broker none of them is there.
      const without = Object.entries(own).filter(([each]) => each !== name && !/_KAFKA_/.test(each));
      try {
        read(Object.fromEntries(without));
        return false;
      } catch {
        return true;
      }
    });
    expect(said.sort()).toEqual([...needed].sort());
  });
});

describe('the example of settings', () => {
  it('shows every setting of both programs, and no other', () => {
    const shown = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    const all = [...settingNames, ...gatewaySettingNames, ...inFiles];
    expect([...new Set(shown)].sort()).toEqual([...new Set(all)].sort());
  });
});

describe('what is secret', () => {
  it('may be given as a file, and the guide says so of each', () => {
    const from = guide.indexOf('may be given as a file');
    const said = [...guide.slice(from, guide.indexOf('\n\n', from)).matchAll(/`((?:ORGANISATION|GATEWAY)_\w+)`/g)];
    expect(said.map(([, name]) => `${name}_FILE`).sort()).toEqual([...inFiles].sort());
  });
});

describe('when something is wrong, the guide', () => {
  it('says of every alert what to do', () => {
    const { groups } = yaml<{ groups: { rules: { alert: string }[] }[] }>('infra/observe/alerts.yml');
    const missing = groups.flatMap(({ rules }) => rules).filter(({ alert }) => !guide.includes(`\n| \`${alert}\` |`));
    expect(missing).toEqual([]);
  });

  it('says of every note that a service can write what to do', () => {
    const sources = globSync('{libs/kernel,libs/platform,apps}/**/src/**/*.ts', { cwd: root })
      .filter((file) => !/\.spec\.ts$|for-tests|\/testing\/|\/journeys\/|\/dist\//.test(file))
      .map((file) => readFileSync(join(root, file), 'utf8'));
    const codes = sources.flatMap((source) => [
      ...[...source.matchAll(/\bnote\(\s*'(?:info|warning|error)',\s*'([\w-]+)'/g)].map(([, code = '']) => code),
      // Work in the background, and what is wrong with the database or on the way to Kafka, are noted by the code that they are given.
      ...[...source.matchAll(/\bbegin\([^;]*?'([a-z]+(?:-[a-z]+)+)',?\s*\)/g)].map(([, code = '']) => code),
      ...[...source.matchAll(/^ {2}\| '((?:kafka|database|event-log)-[\w-]+)'/gm)].map(([, code = '']) => code),
    ]);
    expect(new Set(codes).size).toBeGreaterThan(20);
    const rows = guide.slice(guide.indexOf('### A database that is away'));
    expect([...new Set(codes)].filter((code) => !rows.includes(`\`${code}\``))).toEqual([]);
  });
});
