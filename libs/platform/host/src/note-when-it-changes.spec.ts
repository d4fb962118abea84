/** What operators read of work in the background that fails: when it begins, when its cause changes, when it is over, and never its text. */
import { describe, expect, it } from '@jest/globals';
import { EngineFailure, type EngineTroubleCode } from '@convenant/kernel';
import { noteWhenItChanges } from './note-when-it-changes.js';

const trouble = (code: EngineTroubleCode, reason: string): EngineFailure =>
  new EngineFailure('geheim', { code, setting: 'ORGANISATION_DATABASE_URL', reason });

describe('work in the background', () => {
  it('is noted when it fails, when the cause becomes another, and when it goes on', async () => {
    const notes: unknown[] = [];
    const follow = noteWhenItChanges({ note: (...note) => void notes.push(note) });
    const failing = (error: Error): Promise<void> => follow(Promise.reject(error), 'views-stand-still');
    await failing(trouble('database-unreachable', 'ECONNREFUSED'));
    await failing(trouble('database-unreachable', 'ECONNREFUSED'));
    await follow(Promise.reject(new TypeError('geheim')), 'lanes-stand-still');
    await failing(trouble('database-full', '53100'));
    await follow(Promise.resolve(), 'views-stand-still');
    await follow(Promise.resolve(), 'views-stand-still');
    await failing(trouble('database-full', '53100'));
    const facts = (code: string, reason: string) => ({
      error: 'EngineFailure',
      trouble: code,
      setting: 'ORGANISATION_DATABASE_URL',
      reason,
    });
    expect(notes).toEqual([
      ['error', 'views-stand-still', facts('database-unreachable', 'ECONNREFUSED')],
      ['error', 'lanes-stand-still', { error: 'TypeError' }],
      ['error', 'views-stand-still', facts('database-full', '53100')],
      ['info', 'goes-on', { after: 'views-stand-still' }],
      ['error', 'views-stand-still', facts('database-full', '53100')],
    ]);
    expect(JSON.stringify(notes)).not.toContain('geheim');
  });
});
