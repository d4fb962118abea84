/** The refusals that every organisation shares, and how an answer is refused. */
import type { Refusals } from '@convenant/kernel';
import type { z } from 'zod';
import type { Refused } from './definition.js';

export type HostRefusal =
  'not-allowed' | 'nobody-found' | 'input-not-understood' | 'unknown-field' | 'refused' | 'log-unavailable' | 'broken';
export const hostRefusals = {
  'not-allowed': { nl: 'Dit hoort niet bij uw rol.', en: 'This is not part of your role.' },
  'nobody-found': {
    nl: 'Er is niemand gevonden met wie u werkt onder dit kenmerk.',
    en: 'Nobody whom you work with was found under this reference.',
  },
  'input-not-understood': {
    nl: 'Dit kan zo niet worden ingevuld. Kijk het veld na.',
    en: 'This cannot be entered like this. Check the field.',
  },
  'unknown-field': {
    nl: 'Er is een veld ingevuld dat hier niet bestaat.',
    en: 'A field was sent that does not exist here.',
  },
  refused: { nl: 'Dit kan nu niet.', en: 'This cannot be done now.' },
  'log-unavailable': {
    nl: 'Het logboek kan niet worden bijgehouden; daarom wordt er nu niets getoond. Probeer het later opnieuw.',
    en: 'The access log cannot be kept, so nothing is shown now. Try again later.',
  },
  broken: {
    nl: 'Er ging iets mis. Probeer het opnieuw; er gaat niets verloren.',
    en: 'Something went wrong. Try again; nothing is lost.',
  },
} satisfies Refusals<HostRefusal>;

export const inWords = (code: HostRefusal): Refused => ({ code, ...hostRefusals[code] });

/** A query was refused. Carries what the asker may know and nothing else. */
export class AnswerRefused extends Error {
  constructor(readonly refused: Refused) {
    super(refused.en);
  }
}

/** The sentence for a code that a handler refused with. */
export const sentenceFor = (refusals: Refusals<string>, code: string): Refused => {
  const words = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  return { code, ...(words ?? hostRefusals.refused) };
};

/** The first fault, named by its field; a message that is a refusal code gets that code's own sentence. Never quotes what was entered. */
export function faultyInput({ issues: [issue] }: z.ZodError, refusals: Refusals<string>): Refused {
  const own = issue && Object.hasOwn(refusals, issue.message) ? refusals[issue.message] : undefined;
  if (issue && own) return { code: issue.message, ...own };
  const code = issue?.code === 'unrecognized_keys' ? 'unknown-field' : 'input-not-understood';
  const field = issue?.path.map(String).join('.');
  const where = field ? ` (${field})` : '';
  return { code, nl: `${hostRefusals[code].nl}${where}`, en: `${hostRefusals[code].en}${where}` };
}
