/** That every trouble with Kafka names the setting to mend, and quotes no value of it. */
import { describe, expect, it } from '@jest/globals';
import { explain, troubleOf } from './trouble.js';

const failure = (name: string, facts: object = {}, cause?: Error): Error =>
  Object.assign(new Error('inner words', { cause }), { name, ...facts });

describe('trouble with Kafka', () => {
  it.each([
    [
      'kafka-unreachable',
      failure('KafkaJSNumberOfRetriesExceeded', {}, failure('KafkaJSConnectionError', { code: 'ECONNREFUSED' })),
    ],
    ['kafka-unreachable', failure('KafkaJSRequestTimeoutError')],
    ['kafka-credentials', failure('KafkaJSNonRetriableError', {}, failure('KafkaJSSASLAuthenticationError'))],
    ['kafka-breaks-off', failure('KafkaJSConnectionClosedError')],
    ['kafka-certificate', failure('KafkaJSConnectionError', { code: 'SELF_SIGNED_CERT_IN_CHAIN' })],
    ['kafka-topic-missing', failure('KafkaJSProtocolError', { type: 'UNKNOWN_TOPIC_OR_PARTITION' })],
    ['kafka-not-allowed', failure('KafkaJSProtocolError', { type: 'GROUP_AUTHORIZATION_FAILED' })],
    ['kafka-full', failure('KafkaJSProtocolError', { type: 'KAFKA_STORAGE_ERROR' })],
    ['kafka-leaderless', failure('KafkaJSProtocolError', { type: 'LEADER_NOT_AVAILABLE' })],
    ['kafka-trouble', new TypeError('inner words')],
    ['kafka-trouble', 'no error at all'],
  ])('is called %s, and explained without its inner words', (code, error) => {
    const trouble = troubleOf(error);
    expect(trouble.code).toBe(code);
    expect(trouble.setting).not.toBe('');
    expect(explain(trouble)).not.toContain('inner words');
  });
  it('names the settings of the connection', () => {
    expect(explain(troubleOf(failure('KafkaJSConnectionError', { code: 'ECONNREFUSED' })))).toBe(
      'No Kafka broker answers at the addresses in ORGANISATION_KAFKA_BROKERS (ECONNREFUSED).',
    );
    expect(troubleOf(failure('KafkaJSSASLAuthenticationError')).setting).toContain('ORGANISATION_KAFKA_PASSWORD');
  });
});
