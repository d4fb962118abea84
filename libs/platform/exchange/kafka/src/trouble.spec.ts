/** That every trouble with Kafka names the setting to mend, and quotes no value of it. */
import { describe, expect, it } from '@jest/globals';
import { explain, levelOf, nextPauseMs, troubleOf, type TroubleCode } from './trouble.js';

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
    ['kafka-leaderless', failure('KafkaJSProtocolError', { type: 'NOT_LEADER_FOR_PARTITION', retriable: true })],
    [
      'kafka-not-ready',
      failure(
        'KafkaJSNumberOfRetriesExceeded',
        { retriable: false },
        failure('KafkaJSProtocolError', { type: 'GROUP_LOAD_IN_PROGRESS', retriable: true }),
      ),
    ],
    ['kafka-not-ready', failure('KafkaJSTopicMetadataNotLoaded', { retriable: true })],
    ['kafka-full', failure('KafkaJSProtocolError', { type: 'REQUEST_TIMED_OUT', retriable: true })],
    ['kafka-broker-failed', failure('KafkaJSProtocolError', { type: 'CORRUPT_MESSAGE', retriable: true })],
    // The driver calls most of its own errors worth another try: that says nothing about the broker.
    ['kafka-trouble', failure('KafkaJSError', { retriable: true })],
    ['kafka-unreachable', failure('KafkaJSBrokerNotFound', { retriable: true })],
    ['kafka-broker-failed', failure('KafkaJSProtocolError', { type: 'UNKNOWN', retriable: false })],
    ['kafka-trouble', failure('KafkaJSProtocolError', { type: 'INVALID_REQUEST', retriable: false })],
    ['kafka-trouble', new TypeError('inner words')],
    ['kafka-trouble', 'no error at all'],
  ])('is called %s, and explained without its inner words', (code, error) => {
    const trouble = troubleOf(error);
    expect(trouble.code).toBe(code);
    expect(trouble.setting).not.toBe('');
    expect(explain(trouble)).not.toContain('inner words');
  });
  it('is an error, unless the broker itself says that it is a matter of a moment, and has not said so for a minute', () => {
    const levels = [
      { type: 'GROUP_LOAD_IN_PROGRESS', retriable: true },
      { type: 'KAFKA_STORAGE_ERROR', retriable: true },
      { type: 'INVALID_REQUEST', retriable: false },
    ].map((facts) => levelOf(troubleOf(failure('KafkaJSProtocolError', facts))));
    expect(levels).toEqual(['warning', 'error', 'error']);
    const loading = troubleOf(failure('KafkaJSProtocolError', { type: 'GROUP_LOAD_IN_PROGRESS' }));
    expect([59_999, 60_000].map((lastsMs) => levelOf(loading, lastsMs))).toEqual(['warning', 'error']);
  });
  it('is tried again after pauses that grow, and soon by whom the broker told that it is a matter of a moment', () => {
    const pauses = (...codes: readonly TroubleCode[]): readonly number[] => {
      let pausedMs = 0;
      return codes.map((code) => (pausedMs = nextPauseMs(pausedMs, code)));
    };
    const away = Array<TroubleCode>(7).fill('kafka-unreachable');
    const grown = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000];
    expect(pauses(...away)).toEqual(grown);
    expect(pauses(...away, 'kafka-not-ready', 'kafka-not-ready', 'kafka-unreachable')).toEqual([
      ...grown,
      1_000,
      1_000,
      2_000,
    ]);
  });
  it('names the settings of the connection', () => {
    expect(explain(troubleOf(failure('KafkaJSConnectionError', { code: 'ECONNREFUSED' })))).toBe(
      'No Kafka broker answers at the addresses in ORGANISATION_KAFKA_BROKERS (ECONNREFUSED).',
    );
    expect(troubleOf(failure('KafkaJSSASLAuthenticationError')).setting).toContain('ORGANISATION_KAFKA_PASSWORD');
  });
});
