/** An explicit null and an absent field are the same question. */
import { describe, expect, it } from '@jest/globals';
import { withoutNulls } from './given.js';

describe('what GraphQL hands over', () => {
  it('has no nulls left, at any depth, and keeps everything else', () =>
    expect(withoutNulls({ a: null, b: { c: null, d: 0, e: '' }, f: [{ g: null, h: false }] })).toEqual({
      b: { d: 0, e: '' },
      f: [{ h: false }],
    }));
});
