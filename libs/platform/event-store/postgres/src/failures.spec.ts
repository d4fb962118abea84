/** What is said of a failure of the database: a trouble from the closed list, the setting to mend, and nothing of what the server or the driver quoted. */
import { describe, expect, it } from '@jest/globals';
import { engineTroubleOf } from '@convenant/kernel';
import { describedBy, notOpened, type PostgresFailure } from './failures.js';

/** As the driver gives it: with a sentence and details that quote. */
const ofServer = (code: string): Error =>
  Object.assign(new Error('could not write "geheim"'), { code, detail: 'geheim', where: 'geheim', hint: 'geheim' });
const caught = (rethrow: () => never): unknown => {
  try {
    return rethrow();
  } catch (error) {
    return error;
  }
};
const running = (error: unknown): unknown => caught(() => describedBy('SAMPLE_URL')(error));
const opening = (error: unknown): unknown => caught(() => notOpened(error, 'db.example:5432/uwv', 'SAMPLE_URL'));

describe('a failure of the database while it is used', () => {
  it.each([
    ['ECONNREFUSED', 'database-unreachable', 'SAMPLE_URL'],
    ['ENOTFOUND', 'database-unreachable', 'SAMPLE_URL'],
    ['08006', 'database-unreachable', 'SAMPLE_URL'],
    ['57P01', 'database-unreachable', 'SAMPLE_URL'],
    ['57P03', 'database-unreachable', 'SAMPLE_URL'],
    ['53300', 'database-out-of-connections', 'max_connections of the server in SAMPLE_URL'],
    ['53100', 'database-full', 'data_directory of the server in SAMPLE_URL'],
    ['53200', 'database-slow', 'load and locks of the server in SAMPLE_URL'],
    ['57014', 'database-slow', 'load and locks of the server in SAMPLE_URL'],
    ['55P03', 'database-slow', 'load and locks of the server in SAMPLE_URL'],
    ['28P01', 'database-refuses-credentials', 'SAMPLE_URL'],
    ['28000', 'database-refuses-credentials', 'SAMPLE_URL'],
    ['42501', 'database-refuses-rights', 'SAMPLE_URL'],
    ['42P01', 'database-not-migrated', 'SAMPLE_URL'],
    ['3D000', 'database-missing', 'SAMPLE_URL'],
    ['25006', 'database-read-only', 'SAMPLE_URL'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'database-certificate', 'SAMPLE_URL'],
    ['23505', 'database-trouble', 'SAMPLE_URL'],
  ])('%s is %s, and names what to mend', (code, trouble, setting) => {
    const error = running(ofServer(code)) as PostgresFailure;
    expect([error.name, error.trouble]).toEqual(['PostgresFailure', { code: trouble, setting, reason: code }]);
    expect(JSON.stringify(error) + error.message).not.toContain('geheim');
  });

  it.each([
    ['Connection terminated unexpectedly', 'ECONNRESET', 'database-unreachable'],
    ['Client has encountered a connection error and is not queryable', 'ECONNRESET', 'database-unreachable'],
    ['timeout exceeded when trying to connect', 'query-timeout', 'database-slow'],
    ['Connection terminated due to connection timeout', 'ECONNRESET', 'database-unreachable'],
    ['Query read timeout', 'query-timeout', 'database-slow'],
  ])('of the driver that has no code: %s', (sentence, code, trouble) => {
    expect(running(new Error(sentence))).toMatchObject({ code, trouble: { code: trouble } });
  });

  it('is found behind what others made of it, and nothing is where no engine is the cause', () => {
    const inner = running(ofServer('53100'));
    expect(engineTroubleOf(new Error('The log is away.', { cause: inner }))?.code).toBe('database-full');
    expect(engineTroubleOf(new Error('A bug.', { cause: new TypeError() }))).toBeUndefined();
  });

  it('is left as it is when it is none of the database', () => {
    const bug = new TypeError('x is not a function');
    expect(running(bug)).toBe(bug);
  });
});

describe('a database that cannot be opened', () => {
  it.each([
    ['The server does not support SSL connections', /does not speak TLS/],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', /password is wrong/],
    ['something geheim of the driver', /without a code \(Error\)/],
  ])('is named with its setting, also where the driver has no code: %s', (sentence, expected) => {
    const error = opening(new Error(sentence)) as PostgresFailure;
    expect(error.message).toMatch(expected);
    expect(error.message).toMatch(/^The database at db\.example:5432\/uwv cannot be used: .*Check SAMPLE_URL\.$/);
    expect(error.message).not.toContain('geheim');
  });
});
