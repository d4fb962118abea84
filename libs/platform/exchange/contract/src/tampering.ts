/** Changes to signed and sealed texts, as an attacker or a bad disk makes them. */
import fc from 'fast-check';

/** The same text with exactly one character replaced by another one that could stand there. */
export const changeOneCharacter = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat({ max: text.length - 1 }),
      fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_. '),
    )
    .filter(([place, character]) => text[place] !== character)
    .map(([place, character]) => text.slice(0, place) + character + text.slice(place + 1));
