/** What every adapter of `ScopeKeys` has to keep. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeyUse, ScopeKeyDescription, ScopeKeys } from '@convenant/exchange';
import fc from 'fast-check';
import { changeOneCharacter } from './tampering.js';

export interface ScopeKeysUnderTest {
  /** The recipient, in whose key store the private halves are. */
  readonly recipient: ScopeKeys;
  /** The recipient after a restart: another instance over the same keys. */
  restarted(): Promise<ScopeKeys>;
  /** The discloser, who has nothing but the public half. */
  readonly discloser: ScopeKeys;
  close?(): Promise<void>;
}

const scope = (changes: Partial<ScopeKeyDescription> = {}): ScopeKeyDescription => ({
  discloser: 'ggz-amstel',
  pseudonym: 'p-1',
  consentId: 'consent-1',
  purpose: 'support',
  category: 'K2',
  roles: ['client-manager'],
  medical: false,
  ...changes,
});
const use = (changes: Partial<Extract<KeyUse, { role: string }>> = {}): KeyUse => ({
  use: 'read',
  role: 'client-manager',
  person: 'person-1',
  assigned: true,
  ...changes,
});
const medical = scope({ category: 'K5', roles: ['insurance-physician'], medical: true, purpose: 'medical-question' });
const physician = { role: 'insurance-physician' } as const;

export function scopeKeysContract(name: string, open: () => Promise<ScopeKeysUnderTest>): void {
  describe(`${name} as scope keys`, () => {
    let world: ScopeKeysUnderTest;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close?.());

    const disclose = async (keyId: string, description: ScopeKeyDescription, value: unknown): Promise<string> =>
      world.discloser.seal(await world.recipient.make(keyId, description), keyId, value);

    it('opens for the recipient whatever the discloser sealed to its public half, also after a restart', async () => {
      const publicKey = await world.recipient.make('key-1', scope());
      const restarted = await world.restarted();
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (value) => {
          const sealed = await world.discloser.seal(publicKey, 'key-1', value);
          for (const keys of [world.recipient, restarted]) {
            expect(JSON.stringify(await keys.open('key-1', sealed, use()))).toBe(JSON.stringify({ value }));
          }
        }),
        { numRuns: 25 },
      );
    });

    it('offers the same public half whenever the same key is asked for, by whichever process', async () => {
      const restarted = await world.restarted();
      const halves = await Promise.all([world.recipient.make('key-1', scope()), restarted.make('key-1', scope())]);
      halves.push(await (await world.restarted()).make('key-1', scope()));
      expect(new Set(halves).size).toBe(1);
      expect(await world.recipient.make('key-2', scope())).not.toBe(halves[0]);
    });

    it('gives out no private half', async () => {
      const half = JSON.parse(await world.recipient.make('key-1', scope())) as Record<string, unknown>;
      expect(half).not.toHaveProperty('d');
    });

    it('seals texts that do not betray the value, nor that two values are the same', async () => {
      const publicKey = await world.recipient.make('key-1', scope());
      const first = await world.discloser.seal(publicKey, 'key-1', { note: 'started on Monday' });
      expect(await world.discloser.seal(publicKey, 'key-1', { note: 'started on Monday' })).not.toBe(first);
      for (const part of first.split('.'))
        expect(Buffer.from(part, 'base64url').toString('latin1')).not.toMatch(/note|Monday/);
    });

    it('opens for reading and for taking by the roles that the consent names, and for no other role', async () => {
      const sealed = await disclose('key-1', scope(), 'value');
      for (const way of ['read', 'take'] as const) {
        expect(await world.recipient.open('key-1', sealed, use({ use: way }))).toEqual({ value: 'value' });
        expect(await world.recipient.open('key-1', sealed, use({ use: way, role: 'labour-expert' }))).toBe('closed');
      }
    });

    it('keeps to the roles of the first description when somebody asks for the key again with more roles', async () => {
      const sealed = await disclose('key-1', scope(), 'value');
      await world.recipient.make('key-1', scope({ roles: ['client-manager', 'labour-expert'] }));
      expect(await world.recipient.open('key-1', sealed, use({ role: 'labour-expert' }))).toBe('closed');
    });

    it('opens for matching what introduces a client, and nothing else', async () => {
      const introduction = await disclose('key-1', scope({ category: 'K1' }), 'who');
      const status = await disclose('key-2', scope({ category: 'K2' }), 'what');
      const medicalIntroduction = await disclose('key-3', scope({ category: 'K1', medical: true }), 'who');
      expect(await world.recipient.open('key-1', introduction, { use: 'matching' })).toEqual({ value: 'who' });
      expect(await world.recipient.open('key-2', status, { use: 'matching' })).toBe('closed');
      expect(await world.recipient.open('key-3', medicalIntroduction, { use: 'matching' })).toBe('closed');
    });

    it('peer 20: opens a medical answer for the physician who works with this client, to read or to take into her own file, and for nobody else', async () => {
      const sealed = await disclose('key-1', medical, 'answer');
      const open = (changes: Parameters<typeof use>[0]) =>
        world.recipient.open('key-1', sealed, use({ ...physician, ...changes }));
      expect(await open({})).toEqual({ value: 'answer' });
      expect(await open({ assigned: false })).toBe('closed');
      expect(await open({ use: 'take' })).toEqual({ value: 'answer' });
      expect(await open({ use: 'take', assigned: false })).toBe('closed');
      expect(await open({ use: 'take', role: 'labour-expert' })).toBe('closed');
      expect(await open({ role: 'labour-expert' })).toBe('closed');
      expect(await world.recipient.open('key-1', sealed, { use: 'matching' })).toBe('closed');
    });

    it('notices any changed character, and a text that was sealed to another key', async () => {
      const publicKey = await world.recipient.make('key-1', scope());
      const sealed = await world.discloser.seal(publicKey, 'key-1', { hours: 16 });
      await fc.assert(
        fc.asyncProperty(changeOneCharacter(sealed), async (changed) => {
          await expect(world.recipient.open('key-1', changed, use())).rejects.toThrow();
        }),
        { numRuns: 150 },
      );
      const other = await disclose('key-2', scope(), 'other');
      await expect(world.recipient.open('key-1', other, use())).rejects.toThrow();
      const relabelled = await world.discloser.seal(publicKey, 'key-2', 'other');
      await expect(world.recipient.open('key-1', relabelled, use())).rejects.toThrow();
    });

    it('tells one who may not read nothing about the text, not even that it is damaged', async () => {
      const sealed = await disclose('key-1', scope(), 'value');
      expect(await world.recipient.open('key-1', `${sealed}x`, use({ role: 'labour-expert' }))).toBe('closed');
    });

    it('answers the same for a destroyed key, an unknown key and a use that is not allowed', async () => {
      const sealed = await disclose('key-1', scope(), 'value');
      await world.recipient.destroy(['key-1']);
      expect(await world.recipient.open('key-1', sealed, use())).toBe('closed');
      expect(await world.recipient.open('unknown', sealed, use())).toBe('closed');
      expect(await world.recipient.open('key-1', sealed, use({ role: 'labour-expert' }))).toBe('closed');
    });

    it('peer 19: once destroyed, a key opens no earlier copy, in any process, and is never made again', async () => {
      const copies = [await disclose('key-1', scope(), 'one'), await disclose('key-1', scope(), 'two')];
      const elsewhere = await world.restarted();
      for (const copy of copies) expect(await elsewhere.open('key-1', copy, use())).not.toBe('closed');
      await world.recipient.destroy(['key-1', 'never made']);
      await world.recipient.destroy(['key-1']);
      for (const keys of [world.recipient, elsewhere, await world.restarted()]) {
        for (const copy of copies) expect(await keys.open('key-1', copy, use())).toBe('closed');
        expect(await keys.has('key-1')).toBe(false);
        await expect(keys.make('key-1', scope())).rejects.toThrow();
        await expect(keys.make('never made', scope())).rejects.toThrow();
      }
    });

    it('knows which keys it has', async () => {
      expect(await world.recipient.has('key-1')).toBe(false);
      await world.recipient.make('key-1', scope());
      expect(await world.recipient.has('key-1')).toBe(true);
      expect(await world.discloser.has('key-1')).toBe(false);
    });

    it('leaves the keys of other scopes alone when one is destroyed', async () => {
      const kept = await disclose('key-2', scope({ category: 'K7' }), 'kept');
      await disclose('key-1', scope(), 'gone');
      await world.recipient.destroy(['key-1']);
      expect(await world.recipient.open('key-2', kept, use())).toEqual({ value: 'kept' });
    });
  });
}
