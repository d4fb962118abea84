/** A log line about an error holds no part of what was asked. */
import { describe, expect, it } from '@jest/globals';
import { brokenLine } from './broken-line.js';

describe('a line about something broken', () => {
  it('says where, in which trace, and nothing of the message', () => {
    const line = brokenLine(new TypeError('no such client 999990019\nsecond line 999990019'), 'abc');
    expect(JSON.parse(line)).toMatchObject({
      broke: 'TypeError',
      trace: 'abc',
      at: expect.arrayContaining([expect.stringContaining('broken-line.spec')]),
    });
    expect(line).not.toContain('999990019');
  });

  it('is made of anything that can be thrown', () => {
    expect(JSON.parse(brokenLine('999990019'))).toEqual({ level: 'error', broke: 'string', at: [] });
  });
});
