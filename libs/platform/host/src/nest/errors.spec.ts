/** Errors as they leave: expected refusals in words, everything else without anything of itself. */
import { describe, expect, it } from '@jest/globals';
import { AccessLogUnavailable } from '@convenant/access-log';
import { EngineFailure } from '@convenant/kernel';
import { GraphQLError } from 'graphql';
import { AnswerRefused, inWords } from '../answers.js';
import { formatError } from './errors.js';

const notes: { code: string; facts: unknown }[] = [];
const shownFor = (error: Error) => {
  const wrapped = new GraphQLError(error.message, { originalError: error, path: ['clientIdentity'] });
  return formatError({ note: (_level, code, facts) => void notes.push({ code, facts }) })(wrapped.toJSON(), wrapped);
};

describe('an error', () => {
  it('that nobody foresaw tells the caller nothing of its text, nor the operator', () => {
    const shown = shownFor(new TypeError('cannot read 999990019 of Testpersoon'));
    expect(shown.extensions?.['code']).toBe('broken');
    expect(JSON.stringify([shown, notes])).not.toMatch(/999990019|Testpersoon/);
    expect(notes).toEqual([{ code: 'answer-broken', facts: { error: 'TypeError' } }]);
  });

  it('that is a refusal leaves with its code and two sentences', () =>
    expect(shownFor(new AnswerRefused(inWords('nobody-found')))).toMatchObject({
      path: ['clientIdentity'],
      extensions: inWords('nobody-found'),
    }));

  it('of the access log says that nothing is shown, and not why; an operator hears why, and what to mend', () => {
    const trouble = { code: 'database-full', setting: 'ORGANISATION_DATABASE_URL', reason: '53100' } as const;
    notes.length = 0;
    for (const error of [
      new AccessLogUnavailable('store', new EngineFailure('geheim', trouble)),
      new AccessLogUnavailable('broken'),
    ])
      expect(shownFor(error).extensions).toEqual(inWords('log-unavailable'));
    const { code, ...mend } = trouble;
    const error = 'AccessLogUnavailable';
    expect(notes).toEqual([
      { code: 'access-log-unavailable', facts: { why: 'store', error, trouble: code, ...mend } },
      { code: 'access-log-unavailable', facts: { why: 'broken', error } },
    ]);
  });

  it('in the question is worded without the values in it', () => {
    const fault = new GraphQLError('Syntax Error: Unexpected "Test persoon 12"', {
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
    const shown = formatError({ note: () => undefined })(fault.toJSON(), fault);
    expect(shown.message).not.toContain('persoon');
    expect(shown.extensions?.['code']).toBe('input-not-understood');
  });
});
