/** Wrong settings are named before anything starts, and never repeated. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { settingsFrom } from './settings.js';

const secret = Buffer.alloc(32, 1).toString('base64url');
const good = {
  GATEWAY_ISSUER: 'https://sign-in.example/ggz-amstel',
  GATEWAY_ORGANISATION_ID: 'ggz-amstel',
  GATEWAY_ORGANISATION_KIND: 'mental-health',
  GATEWAY_ORGANISATION_URL: 'http://ggz-amstel:4001',
  GATEWAY_ORGANISATION_SECRET: secret,
};
const covenant = {
  GATEWAY_COVENANT_ID: 'secretariaat',
  GATEWAY_COVENANT_URL: 'http://secretariaat:4006',
  GATEWAY_COVENANT_SECRET: secret,
};

describe('the settings of a gateway', () => {
  it('serve one organisation, on this machine alone when nothing else is said', () => {
    expect(settingsFrom(good)).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      organisations: [{ id: 'ggz-amstel', kind: 'mental-health' }],
    });
  });

  it('put the covenant beside it', () => {
    expect(settingsFrom({ ...good, ...covenant }).organisations.map(({ kind }) => kind)).toEqual([
      'mental-health',
      'covenant',
    ]);
    expect(() => settingsFrom({ ...good, ...covenant, GATEWAY_COVENANT_URL: undefined })).toThrow(/belong together/);
  });

  it('leave metrics, health and traces off, and on this machine when only a port is given', () => {
    expect(settingsFrom(good).observe).toEqual({});
    expect(
      settingsFrom({
        ...good,
        GATEWAY_METRICS_PORT: '9400',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example:4318',
      }).observe,
    ).toEqual({ listen: { host: '127.0.0.1', port: 9400 }, collector: 'http://collector.example:4318' });
  });

  it.each([
    ['GATEWAY_METRICS_PORT', '-1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['GATEWAY_ISSUER', undefined],
    ['GATEWAY_PORT', '70000'],
    ['GATEWAY_ORGANISATION_KIND', 'bank'],
    ['GATEWAY_ORGANISATION_URL', 'nowhere'],
    ['GATEWAY_ORGANISATION_SECRET', 'c2hvcnQtc2VjcmV0'],
    ['GATEWAY_REQUESTS_PER_MINUTE', '-1'],
  ])('are refused by name: %s', (name, value) => {
    expect(() => settingsFrom({ ...good, [name]: value })).toThrow(new RegExp(`${name}: `));
  });

  it('take a secret from a file, and name the file that cannot be read', () => {
    const { GATEWAY_ORGANISATION_SECRET: text, ...others } = good;
    const file = join(mkdtempSync(join(tmpdir(), 'convenant-gateway-')), 'secret');
    writeFileSync(file, `${text}\n`);
    expect(settingsFrom({ ...others, GATEWAY_ORGANISATION_SECRET_FILE: file })).toEqual(settingsFrom(good));
    rmSync(dirname(file), { recursive: true });
    expect(() => settingsFrom({ ...others, GATEWAY_ORGANISATION_SECRET_FILE: file })).toThrow(
      /:\n {2}GATEWAY_ORGANISATION_SECRET_FILE: names a file that cannot be read$/,
    );
  });

  it('are refused without repeating a secret', () => {
    expect(() => settingsFrom({ ...good, GATEWAY_ORGANISATION_SECRET: 'not base64url!' })).toThrow(
      /^(?!.*not base64url!)/s,
    );
  });
});
