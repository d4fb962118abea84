/** That the settings of Kafka are taken as meant, or refused by name. */
import { describe, expect, it } from '@jest/globals';
import { kafkaConnection } from './kafka-settings.js';
import { deployedSettings } from './settings.js';

const others = {
  ORGANISATION_ID: 'uwv',
  ORGANISATION_FOLDER: 'folder',
  ORGANISATION_DATABASE_URL: 'postgres://app:secret@db.example:5432/uwv',
  ORGANISATION_ISSUER: 'https://login.example/',
  ORGANISATION_GATEWAY_SECRET: 'A'.repeat(43),
};
const read = (kafka: Record<string, string>) => kafkaConnection(deployedSettings({ ...others, ...kafka }), 'uwv');

describe('the settings of Kafka', () => {
  it('are not needed: messages then go over HTTP', () => {
    expect(read({})).toBeUndefined();
  });
  it('encrypt unless it is said that they need not', () => {
    const brokers = 'kafka-1.example:9093, kafka-2.example:9093';
    expect(read({ ORGANISATION_KAFKA_BROKERS: brokers })).toEqual({
      brokers: ['kafka-1.example:9093', 'kafka-2.example:9093'],
      clientId: 'uwv',
      tls: {},
    });
    expect(read({ ORGANISATION_KAFKA_BROKERS: brokers, ORGANISATION_KAFKA_TLS: 'off' })?.tls).toBe(false);
  });
  it('sign in with a name and a password', () => {
    const sasl = {
      ORGANISATION_KAFKA_MECHANISM: 'scram-sha-512',
      ORGANISATION_KAFKA_USERNAME: 'uwv',
      ORGANISATION_KAFKA_PASSWORD: 'secret',
    };
    expect(read({ ORGANISATION_KAFKA_BROKERS: 'kafka.example:9093', ...sasl })?.sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'uwv',
      password: 'secret',
    });
  });
  it.each([
    [{ ORGANISATION_KAFKA_BROKERS: 'https://kafka.example' }, 'ORGANISATION_KAFKA_BROKERS: must be like'],
    [
      { ORGANISATION_KAFKA_MECHANISM: 'kerberos' },
      'ORGANISATION_KAFKA_MECHANISM: is plain, scram-sha-256 or scram-sha-512',
    ],
    [
      { ORGANISATION_KAFKA_MECHANISM: 'plain', ORGANISATION_KAFKA_USERNAME: 'uwv' },
      'ORGANISATION_KAFKA_PASSWORD: goes with',
    ],
    [{ ORGANISATION_KAFKA_PASSWORD: 'hush-hush' }, 'ORGANISATION_KAFKA_PASSWORD: needs ORGANISATION_KAFKA_MECHANISM'],
    [{ ORGANISATION_KAFKA_CA_FILE: 'nowhere.pem' }, 'ORGANISATION_KAFKA_CA_FILE: names a file that cannot be read'],
    [
      { ORGANISATION_KAFKA_CA_FILE: 'package.json' },
      'ORGANISATION_KAFKA_CA_FILE: names a file that is not in PEM form',
    ],
    [
      { ORGANISATION_KAFKA_BROKERS: 'k:1', ORGANISATION_PARTNER_ADDRESSES: '{"uwv":"https://inbox.example"}' },
      'ORGANISATION_PARTNER_ADDRESSES: is for HTTP',
    ],
  ])('are refused by name when they are wrong: %j', (kafka, message) => {
    expect(() => read(kafka)).toThrow(message);
    expect(() => read(kafka)).not.toThrow(/hush-hush/);
  });
});
