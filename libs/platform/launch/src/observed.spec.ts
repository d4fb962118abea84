/** That the settings of metrics, health and traces are taken as meant, or refused by name; and what a label of a service may say. */
import { describe, expect, it } from '@jest/globals';
import { knownOf } from './observed.js';
import { deployedSettings } from './settings.js';

const others = {
  ORGANISATION_ID: 'uwv',
  ORGANISATION_FOLDER: 'folder',
  ORGANISATION_DATABASE_URL: 'postgres://app:secret@db.example:5432/uwv',
  ORGANISATION_ISSUER: 'https://login.example/',
  ORGANISATION_GATEWAY_SECRET: 'A'.repeat(43),
};

describe('the settings of what operators see', () => {
  it('are off, and on this machine alone when only a port is given', () => {
    const off = deployedSettings(others);
    expect([off.ORGANISATION_METRICS_PORT, off.OTEL_EXPORTER_OTLP_ENDPOINT]).toEqual([undefined, undefined]);
    const on = deployedSettings({ ...others, ORGANISATION_METRICS_PORT: '9401' });
    expect([on.ORGANISATION_METRICS_HOST, on.ORGANISATION_METRICS_PORT]).toEqual(['127.0.0.1', 9401]);
  });

  it.each([
    ['ORGANISATION_METRICS_PORT', 'high'],
    ['ORGANISATION_METRICS_HOST', ''],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ])('are refused by name: %s', (name, value) => {
    expect(() => deployedSettings({ ...others, [name]: value })).toThrow(new RegExp(`${name}: `));
  });
});

it('knows of a service what it declares, and whom it has pinned', () => {
  const known = knownOf(
    {
      kind: 'uwv',
      schema: [],
      catalogues: [],
      views: [{ view: { name: 'board' } as never, knows: () => false }],
      commands: [{ name: 'refer', refusals: { twice: { nl: '', en: '' } } } as never],
      queries: [{ name: 'read' } as never],
      compositions: [],
      sends: {},
      receives: {},
      reactions: [{ name: 'ask', on: [], react: async () => undefined }],
      deadlines: [],
      findClients: async () => [],
    },
    { id: 'uwv', kind: 'uwv' },
    { all: () => [{ id: 'ggz-amstel', kind: 'mental-health' }], find: () => undefined },
  );
  expect([...known.organisations]).toEqual(['uwv', 'ggz-amstel']);
  expect([...known.operations]).toEqual(['refer', 'read', 'ask']);
  expect([...known.readers]).toEqual(['door', 'ask', 'view:board']);
  expect(['twice', 'nobody-found', 'log-unavailable'].filter((code) => !known.outcomes.has(code))).toEqual([]);
});
