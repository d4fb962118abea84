/** Texts are sent to PostgreSQL in its binary form of an array, byte for byte. */
import { expect, it } from '@jest/globals';
import { binaryArray } from './binary-array.js';

const hex = (...bytes: readonly string[]): string => bytes.join('').replaceAll(' ', '');

it('an array of texts has a header, and before each text its length in bytes', () => {
  expect(binaryArray('text', ['a', '', 'é😀']).toString('hex')).toBe(
    hex(
      '00000001 00000000 00000019 00000003 00000001',
      '00000001 61',
      '00000000',
      '00000006 c3a9 f09f9880', // two and four bytes
    ),
  );
});
it('an array of JSON differs in the type it names, and an empty one in its length', () => {
  expect(binaryArray('json', []).toString('hex')).toBe(hex('00000001 00000000 00000072 00000000 00000001'));
});
