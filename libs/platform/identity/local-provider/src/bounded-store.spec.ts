/** The provider's memory stays within its limit and forgets in the right order. */
import { describe, expect, it } from '@jest/globals';
import { BoundedStore } from './bounded-store.js';

describe('the memory of the local provider', () => {
  it('keeps no more records of a kind than its limit, and forgets the oldest first', async () => {
    const store = new BoundedStore(3);
    const sessions = store.adapter('Session');
    for (let number = 1; number <= 10; number++) await sessions.upsert(`s${number}`, { uid: `u${number}` }, 60);
    expect(store.size()).toBe(3);
    expect(await sessions.find('s7')).toBeUndefined();
    expect(await sessions.find('s8')).toEqual({ uid: 'u8' });
    expect(await sessions.findByUid('u10')).toEqual({ uid: 'u10' });
  });

  it('forgets expired records before living ones', async () => {
    const store = new BoundedStore(2);
    const codes = store.adapter('AuthorizationCode');
    await codes.upsert('living', { grantId: 'a' }, 60);
    await codes.upsert('expired', { grantId: 'b' }, -1);
    await codes.upsert('new', { grantId: 'c' }, 60);
    expect(await codes.find('expired')).toBeUndefined();
    expect(await codes.find('living')).toBeDefined();
    expect(await codes.find('new')).toBeDefined();
  });

  it('drops everything under a grant that is revoked', async () => {
    const tokens = new BoundedStore().adapter('RefreshToken');
    await tokens.upsert('one', { grantId: 'g' }, 60);
    await tokens.upsert('two', { grantId: 'h' }, 60);
    await tokens.revokeByGrantId('g');
    expect(await tokens.find('one')).toBeUndefined();
    expect(await tokens.find('two')).toBeDefined();
  });
});
